package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.s3.internal.part.PartPlan;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Location;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import java.io.Closeable;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A store that speaks S3. The code under test finds its keys where a user's AWS tools look for
 * them: see {@link AwsKeys}.
 */
abstract sealed class S3Server implements Closeable
    permits LocalStackServer, S3ProxyServer, VersityGatewayServer {
  static final String REGION = "eu-central-1";
  static final int PARALLELISM = 2;

  private @Nullable S3Client client;

  abstract URI endpoint();

  /** The smallest part that it takes, in bytes; Amazon's limit unless overridden. */
  int smallestPart() {
    return Math.toIntExact(PartPlan.SMALLEST_PART);
  }

  /** How to open a target here with the smallest parts that S3 allows. */
  final ProviderOptions options() {
    return options(endpoint());
  }

  /** The same when that is before the server. */
  final ProviderOptions options(URI endpoint) {
    return options(endpoint, PartPlan.SMALLEST_PART, Map.of());
  }

  /**
   * The same with the smallest parts that this server takes.
   *
   * @param more are preferred
   */
  final S3Options options(URI endpoint, Map<String, String> more) throws BackupException {
    return S3Options.of(options(endpoint, smallestPart(), more), smallestPart());
  }

  /** A target here whose parts are so small; the caller closes it. */
  final S3BackupTarget target(URI location) throws BackupException {
    return new S3BackupTarget(
        S3Location.parse(location),
        options(endpoint(), Map.of()),
        RetrySettings.DEFAULT,
        Clock.systemUTC());
  }

  private static ProviderOptions options(URI endpoint, long part, Map<String, String> more) {
    Map<String, String> options = new HashMap<>();
    options.put("endpoint", endpoint.toString());
    options.put("region", REGION);
    options.put("part-size", Long.toString(part));
    options.put("parallelism", String.valueOf(PARALLELISM));
    options.putAll(more);
    return new ProviderOptions("s3", options);
  }

  /** A new and empty bucket. */
  final String createBucket() {
    String bucket = "test-" + UUID.randomUUID();
    client().createBucket(request -> request.bucket(bucket));
    return bucket;
  }

  /** For looking at the store behind the back of the code under test; all tests share it. */
  final synchronized S3Client client() {
    S3Client shared = client;
    if (shared == null) {
      shared = client(AwsKeys.SECRET);
      client = shared;
    }
    return shared;
  }

  /** One of the caller's own with that secret, which may be wrong. */
  final S3Client client(String secret) {
    return S3Client.builder()
        .endpointOverride(endpoint())
        .region(Region.of(REGION))
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(AwsKeys.ID, secret)))
        .build();
  }

  /** The keys that have an upload which is neither complete nor aborted. */
  final List<String> openUploads(String bucket) {
    return client().listMultipartUploads(r -> r.bucket(bucket)).uploads().stream()
        .map(MultipartUpload::key)
        .toList();
  }

  /** Of uploads. */
  final List<String> records(String bucket) {
    return keys(bucket).stream()
        .filter(key -> key.contains(".openmemory-backup/uploads/"))
        .toList();
  }

  final List<String> keys(String bucket) {
    return client().listObjectsV2(r -> r.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }
}
