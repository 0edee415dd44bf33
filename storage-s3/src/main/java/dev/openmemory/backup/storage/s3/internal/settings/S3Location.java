package dev.openmemory.backup.storage.s3.internal.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bucket and the part of it that is ours.
 *
 * @param bucket its name
 * @param root what all our keys begin with: empty, or ending with a slash
 */
public record S3Location(String bucket, String root) {
  /** Cannot begin an object's name, so that nothing below it is ever listed. */
  private static final String HIDDEN = ".openmemory-backup/";

  /** Looser than Amazon's rule: old buckets and other stores have capitals and underscores. */
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,254}");

  /** Segments that some stores resolve as paths would be another place than the one named. */
  private static final Pattern ODD_SEGMENT = Pattern.compile("(.*/)?(\\.{0,2})/.*");

  public static S3Location parse(URI uri) throws BackupException {
    String bucket = uri.getRawAuthority();
    if (bucket != null && bucket.contains("@")) {
      // What comes before it may be a secret and is not repeated.
      throw invalid(
          "keys do not belong into a location; they come from the environment, a profile"
              + " or a role");
    }
    if (uri.isOpaque() || bucket == null || !BUCKET.matcher(bucket).matches()) {
      throw invalid("a location is s3://bucket or s3://bucket/prefix");
    }
    if (uri.getRawFragment() != null || uri.getRawQuery() != null) {
      throw invalid("a fragment has no meaning in a location");
    }
    String path = uri.getPath() == null ? "" : uri.getPath();
    String prefix = path.startsWith("/") ? path.substring(1) : path;
    String root = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    if (ODD_SEGMENT.matcher(root).matches()) {
      throw invalid("a prefix has no empty segments, and none that are '.' or '..'");
    }
    return new S3Location(bucket, root);
  }

  public String key(ObjectName name) {
    return root + name;
  }

  /** The key of something of ours that is no object. */
  public String hiddenKey(String name) {
    return root + HIDDEN + name;
  }

  /** The object of the key; null when it is foreign or hidden. */
  public @Nullable ObjectName name(String key) {
    if (!key.startsWith(root)) {
      return null;
    }
    String name = key.substring(root.length());
    return ObjectName.isValid(name) ? new ObjectName(name) : null;
  }

  @Override
  public String toString() {
    String prefix = root.isEmpty() ? "" : "/" + root.substring(0, root.length() - 1);
    return "s3://" + bucket + prefix;
  }

  private static BackupException invalid(String fact) {
    return Kind.INVALID.failure("open target", "s3:", fact);
  }
}
