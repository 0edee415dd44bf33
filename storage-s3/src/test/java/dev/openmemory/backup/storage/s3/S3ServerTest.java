package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What the other tests of this package take for granted about the servers. */
class S3ServerTest {
  @Test
  void s3ProxyKeepsObjectsAndChecksSignatures() throws Exception {
    assertKeepsObjects(S3ProxyServer.shared());
    assertChecksSignatures(S3ProxyServer.shared());
  }

  @Test
  @Tag("services")
  void localStackKeepsObjects() throws Exception {
    assertKeepsObjects(LocalStackServer.shared());
  }

  @Test
  @Tag("services")
  void versityGatewayKeepsObjectsAndChecksSignatures() throws Exception {
    assertKeepsObjects(VersityGatewayServer.shared());
    assertChecksSignatures(VersityGatewayServer.shared());
  }

  private static void assertKeepsObjects(S3Server server) {
    String bucket = server.createBucket();
    S3Client client = server.client();
    client.putObject(r -> r.bucket(bucket).key("a/b"), RequestBody.fromString("bytes"));

    assertThat(client.getObjectAsBytes(r -> r.bucket(bucket).key("a/b")).asUtf8String())
        .isEqualTo("bytes");
    assertThat(client.listObjectsV2(r -> r.bucket(server.createBucket())).contents()).isEmpty();
  }

  private static void assertChecksSignatures(S3Server server) {
    try (S3Client client = server.client("another secret")) {
      assertThatThrownBy(client::listBuckets)
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
    }
  }
}
