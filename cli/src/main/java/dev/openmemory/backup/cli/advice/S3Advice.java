package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.util.Optional;

/** What a person can do about a failure of a target that is a bucket. */
final class S3Advice {
  private static final String SCHEME = "s3:";

  private S3Advice() {}

  /** Empty for all other failures, and where the general advice holds. */
  static Optional<String> on(BackupException failure) {
    boolean ours =
        failure.location().startsWith(SCHEME) || failure.operation().equals("options of s3");
    return ours ? byKind(failure.kind(), failure.operation()) : Optional.empty();
  }

  private static Optional<String> byKind(Kind kind, String operation) {
    return switch (kind) {
      case INVALID ->
          Optional.of(
              "The options of a bucket are in docs/targets/s3.md: 'region' has to be that of the"
                  + " bucket, 'endpoint' that of the store when it is not Amazon's, as in"
                  + " s3://bucket/prefix?endpoint=https://HOST:PORT&region=REGION.");
      case NOT_FOUND ->
          operation.equals("find backup")
              ? Optional.empty()
              : Optional.of(
                  "Check the name of the bucket and 'endpoint'. openmemory-backup makes no buckets:"
                      + " create it with the tools of the store (aws s3 mb s3://BUCKET).");
      case DENIED ->
          Optional.of(
              "Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, from a profile (option"
                  + " 'profile', or AWS_PROFILE) or from a role; see that they are those of this"
                  + " store and still valid. The smallest policy is in docs/targets/s3.md. What an"
                  + " object lock protects can be deleted when that has ended.");
      case NO_SPACE ->
          Optional.of(
              "Make room in the store, raise its quota, or delete old backups:"
                  + " 'openmemory-backup delete NAME'.");
      case UNSUPPORTED ->
          Optional.of(
              "Leave the option out, or see docs/targets/s3.md for what this store can do. An object"
                  + " in an archive class has to be restored in the store before it can be read.");
      case UNAVAILABLE ->
          Optional.of(
              "Check 'endpoint', the network and a proxy on the way; a store that is busy may take"
                  + " it later, or with a smaller 'parallelism'. Then run the command again.");
      case TIMEOUT ->
          Optional.of(
              "Run the command again; on a slow line with a longer 'timeout' (PT2M) or a smaller"
                  + " 'part-size'.");
      default -> Optional.empty();
    };
  }
}
