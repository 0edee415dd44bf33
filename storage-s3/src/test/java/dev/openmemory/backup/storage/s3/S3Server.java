package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.spi.ProviderOptions;
import java.io.Closeable;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A store that speaks S3. The code under test finds its keys where a user's AWS tools look for
 * them: see {@link AwsKeys}.
 */
sealed interface S3Server extends Closeable
    permits LocalStackServer, S3ProxyServer, VersityGatewayServer {
  String REGION = "eu-central-1";

  URI endpoint();

  /** How to open a target here with the smallest parts that S3 allows. */
  default ProviderOptions options() {
    return new ProviderOptions(
        "s3",
        Map.of(
            "endpoint",
            endpoint().toString(),
            "region",
            REGION,
            "path-style",
            "true",
            "part-size",
            "5MiB",
            "parallelism",
            "2"));
  }

  /** A new and empty bucket. */
  default String createBucket() {
    String bucket = "test-" + UUID.randomUUID();
    try (S3Client client = client()) {
      client.createBucket(request -> request.bucket(bucket));
    }
    return bucket;
  }

  /** For looking at the store behind the back of the code under test; the caller closes it. */
  default S3Client client() {
    return client(AwsKeys.SECRET);
  }

  /** The same with that secret, which may be wrong. */
  default S3Client client(String secret) {
    return S3Client.builder()
        .endpointOverride(endpoint())
        .region(Region.of(REGION))
        .forcePathStyle(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(AwsKeys.ID, secret)))
        .build();
  }
}
