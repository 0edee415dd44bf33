package dev.openmemory.backup.internal.qdrant;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of Qdrant, and of which others it takes what they have made. */
public record QdrantVersion(int major, int minor, int patch) {
  private static final Pattern FORM =
      Pattern.compile("v?(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})(?!\\d).*");

  /** Empty when the text is none. */
  public static Optional<QdrantVersion> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(new QdrantVersion(number(parts, 1), number(parts, 2), number(parts, 3)))
        : Optional.empty();
  }

  /** As the tag of an image names it, as in {@code qdrant/qdrant:v1.18.3-unprivileged}. */
  public static Optional<String> ofImage(String image) {
    String tag = image.substring(image.lastIndexOf('/') + 1).replaceFirst("@.*", "");
    return Optional.of(tag.substring(tag.indexOf(':') + 1))
        .filter(text -> parse(text).isPresent())
        .map(text -> text.replaceFirst("^v", "").replaceFirst("-.*", ""));
  }

  private static int number(Matcher parts, int group) {
    return Integer.parseInt(parts.group(group));
  }

  /** Snapshots are for the same minor version, of this patch or a newer one. */
  public boolean takesSnapshotsOf(QdrantVersion made) {
    return major == made.major && minor == made.minor && patch >= made.patch;
  }

  /** Files are for the same minor version or the next. */
  public boolean readsFilesOf(QdrantVersion made) {
    return major == made.major && (minor == made.minor || minor == made.minor + 1);
  }
}
