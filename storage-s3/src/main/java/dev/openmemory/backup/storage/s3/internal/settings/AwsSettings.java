package dev.openmemory.backup.storage.s3.internal.settings;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;

/**
 * What the tools of Amazon find in the environment and in a profile, as far as the SDK does not
 * read it or would not tell us.
 *
 * @param variables gives the value of a variable, or null
 * @param profiles both files
 */
public record AwsSettings(
    UnaryOperator<@Nullable String> variables, Supplier<ProfileFile> profiles) {
  /** Those of this process. */
  public static AwsSettings ofThisProcess() {
    return new AwsSettings(System::getenv, ProfileFile::defaultProfileFile);
  }

  /** The region that tools other than the SDK read after {@code AWS_REGION}. */
  public Optional<String> defaultRegion() {
    return variable("AWS_DEFAULT_REGION");
  }

  /**
   * The endpoint of S3 that is set there, in the order of Amazon's guide.
   *
   * @param profile null for the one that the environment names
   */
  Optional<String> endpoint(@Nullable String profile) {
    ProfileFile file = profiles.get();
    Optional<Profile> chosen = file.profile(profile == null ? defaultProfile() : profile);
    Optional<String> ignored =
        variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .or(() -> chosen.flatMap(p -> p.property("ignore_configured_endpoint_urls")));
    if (ignored.filter("true"::equalsIgnoreCase).isPresent()) {
      return Optional.empty();
    }
    return variable("AWS_ENDPOINT_URL_S3")
        .or(() -> variable("AWS_ENDPOINT_URL"))
        .or(() -> chosen.flatMap(p -> ofService(file, p)))
        .or(() -> chosen.flatMap(p -> p.property("endpoint_url")));
  }

  private static Optional<String> ofService(ProfileFile file, Profile profile) {
    return profile
        .property("services")
        .flatMap(name -> file.getSection("services", name))
        .flatMap(services -> services.property("s3.endpoint_url"));
  }

  private static String defaultProfile() {
    return ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
  }

  /** The first of these variables that is set and not empty. */
  Optional<String> variable(String... names) {
    return Stream.of(names)
        .flatMap(name -> Optional.ofNullable(variables.apply(name)).stream())
        .filter(value -> !value.isBlank())
        .findFirst();
  }
}
