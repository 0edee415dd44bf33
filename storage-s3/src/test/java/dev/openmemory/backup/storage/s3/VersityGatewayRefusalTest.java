package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Location;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a real store says of keys and regions that are not its own, and what we make of it. */
@Tag("services")
@ExtendWith(AwsKeys.class)
class VersityGatewayRefusalTest {
  @AfterEach
  void restoreKeys() {
    System.setProperty("aws.accessKeyId", AwsKeys.ID);
    System.setProperty("aws.secretAccessKey", AwsKeys.SECRET);
  }

  private static BackupException refusal(Map<String, String> more) throws Exception {
    S3Server server = VersityGatewayServer.shared();
    String bucket = server.createBucket();
    Map<String, String> options = new HashMap<>(server.options().values());
    options.putAll(more);
    try (S3BackupTarget target =
        new S3BackupTarget(
            S3Location.parse(URI.create("s3://" + bucket)),
            S3Options.of(new ProviderOptions("s3", options)),
            RetrySettings.DEFAULT,
            Clock.systemUTC())) {
      Throwable thrown = catchThrowable(() -> target.list(""));
      assertThat(thrown).isInstanceOf(BackupException.class);
      return (BackupException) thrown;
    }
  }

  @Test
  void theRightRegionIsNamed() throws Exception {
    BackupException refusal = refusal(Map.of("region", "mars-north-1"));

    assertThat(refusal.kind()).isEqualTo(Kind.INVALID);
    assertThat(refusal).hasMessageContaining("is in the region '" + S3Server.REGION + "'");
  }

  @Test
  void aWrongSecretKeyIsDenied() throws Exception {
    System.setProperty("aws.secretAccessKey", "a-wrong-and-secret-key");

    BackupException refusal = refusal(Map.of());

    assertThat(refusal.kind()).isEqualTo(Kind.DENIED);
    assertThat(refusal).hasMessageContaining("the secret key does not belong to the access key");
  }

  @Test
  void anUnknownAccessKeyIsDenied() throws Exception {
    System.setProperty("aws.accessKeyId", "AKIAUNKNOWNTOTHESTORE");

    BackupException refusal = refusal(Map.of());

    assertThat(refusal.kind()).isEqualTo(Kind.DENIED);
    assertThat(refusal).hasMessageContaining("the store does not know the access key");
  }
}
