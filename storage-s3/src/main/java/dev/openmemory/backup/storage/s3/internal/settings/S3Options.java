package dev.openmemory.backup.storage.s3.internal.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.text.UriHost;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.s3.internal.part.PartMemory;
import dev.openmemory.backup.storage.s3.internal.part.PartPlan;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a bucket is spoken to, from the options of {@code docs/targets/s3.md}.
 *
 * @param endpoint null for Amazon's own
 * @param region null when the environment or profile is to say
 * @param timeout the longest silence of the store
 * @param checksums whether CRC32 is used, and not MD5
 * @param aws where the region is looked for
 */
public record S3Options(
    StoreProfile store,
    @Nullable URI endpoint,
    @Nullable String region,
    boolean pathStyle,
    @Nullable String profile,
    boolean anonymous,
    boolean requesterPays,
    @Nullable CustomerKey customerKey,
    @Nullable Path caFile,
    Duration timeout,
    boolean checksums,
    PartPlan parts,
    ObjectSettings objects,
    AwsSettings aws,
    @Nullable Proxy proxy) {
  public static final Set<String> NAMES =
      Set.of(
          "endpoint",
          "region",
          "path-style",
          "profile",
          "anonymous",
          "sse",
          "sse-kms-key",
          "sse-c-key-file",
          "storage-class",
          "object-lock-mode",
          "object-lock-until",
          "object-lock-for",
          "tags",
          "request-payer",
          "part-size",
          "parallelism",
          "timeout",
          "ca-file",
          "checksums");

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MOST_PARALLEL = 64;

  public static S3Options of(ProviderOptions options) throws BackupException {
    return of(options, PartPlan.SMALLEST_PART);
  }

  /** The same for a store that takes parts of so few bytes. */
  public static S3Options of(ProviderOptions options, long smallestPart) throws BackupException {
    return of(options, smallestPart, AwsSettings.ofThisProcess());
  }

  /** The same in an environment that is not this process's. */
  public static S3Options of(ProviderOptions options, long smallestPart, AwsSettings aws)
      throws BackupException {
    options.allow(NAMES);
    URI endpoint = endpoint(options, aws);
    StoreProfile store = StoreProfile.of(endpoint);
    if (options.text("profile").isPresent() && options.flag("anonymous", false)) {
      throw invalid("'profile' and 'anonymous' exclude each other");
    }
    return new S3Options(
        store,
        endpoint,
        options.text("region").orElse(null),
        // A bucket as part of the host's name needs DNS and certificates that private stores lack.
        options.flag("path-style", store != StoreProfile.AWS),
        options.text("profile").orElse(null),
        options.flag("anonymous", false),
        options.flag("request-payer", false),
        options.text("sse-c-key-file").isPresent()
            ? CustomerKey.read(options.path("sse-c-key-file"))
            : null,
        options.text("ca-file").isPresent() ? options.path("ca-file") : null,
        timeout(options),
        checksums(options, store),
        parts(options, store, smallestPart),
        ObjectSettings.of(options),
        aws,
        Proxy.of(aws, endpoint).orElse(null));
  }

  /** For people. */
  public String endpointName() {
    return endpoint == null ? "Amazon S3" : endpoint.toString();
  }

  /** Memory in bytes of one upload. */
  public long bufferBytes() {
    return PartMemory.bytes(parts);
  }

  /** How many parts travel at once; one more is being filled meanwhile. */
  public int parallelism() {
    return parts.units() - 1;
  }

  private static @Nullable URI endpoint(ProviderOptions options, AwsSettings aws)
      throws BackupException {
    Optional<String> profile = options.text("profile");
    String text =
        options.text("endpoint").or(() -> aws.endpoint(profile.orElse(null))).orElse(null);
    if (text == null) {
      return null;
    }
    try {
      URI uri = new URI(text);
      boolean plain =
          !UriHost.hasUser(uri)
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && UriHost.of(uri).isPresent();
      if (plain && String.valueOf(uri.getScheme()).matches("https?")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw invalid("'endpoint' is not a URI: " + e.getReason());
    }
    // Not repeated: people put keys there.
    throw invalid("'endpoint' is not like https://host:port, without user, query and fragment");
  }

  private static Duration timeout(ProviderOptions options) throws BackupException {
    Duration timeout = options.duration("timeout", TIMEOUT);
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw invalid("'timeout' is below a second: " + timeout);
    }
    return timeout;
  }

  private static boolean checksums(ProviderOptions options, StoreProfile store)
      throws BackupException {
    String text = options.text("checksums").orElse("auto");
    return switch (text) {
      case "auto" -> store.checksums;
      case "on" -> true;
      case "off" -> false;
      default -> throw invalid("'checksums' is neither auto nor on nor off: " + text);
    };
  }

  /** A small heap gets small buffers, so that a backup works in 64 MiB. */
  private static PartPlan parts(ProviderOptions options, StoreProfile store, long smallestPart)
      throws BackupException {
    boolean smallHeap = Runtime.getRuntime().maxMemory() < (192L << 20);
    long part = options.size("part-size", (smallHeap ? 5L : 8L) << 20);
    if (part < smallestPart || part > PartPlan.LARGEST_PART) {
      throw invalid("'part-size' is not between 5MiB and 1GiB: " + part);
    }
    long parallel = options.number("parallelism", smallHeap ? 2 : 4);
    if (parallel < 1 || parallel > MOST_PARALLEL) {
      throw invalid("'parallelism' is not between 1 and " + MOST_PARALLEL + ": " + parallel);
    }
    return new PartPlan(part, (int) parallel + 1, store.maxParts, store.growingParts);
  }

  private static BackupException invalid(String fact) {
    return Kind.INVALID.failure("options of s3", "", fact);
  }
}
