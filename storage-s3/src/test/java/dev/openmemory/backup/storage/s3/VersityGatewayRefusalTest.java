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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({
    "aws.secretAccessKey, a-wrong-key, the secret key does not belong to the access key",
    "aws.accessKeyId, AKIAUNKNOWNTOTHESTORE, the store does not know the access key"
  })
  void aWrongKeyIsDenied(String property, String key, String fact) throws Exception {
    System.setProperty(property, key);

    BackupException refusal = refusal(Map.of());

    assertThat(refusal.kind()).isEqualTo(Kind.DENIED);
    assertThat(refusal).hasMessageContaining(fact);
  }
}
