package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Location;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real store says of keys, regions and names, and what we make of it. */
@Tag("services")
@ExtendWith(AwsKeys.class)
class VersityGatewayRefusalTest {
  @AfterEach
  void restoreKeys() {
    System.setProperty("aws.accessKeyId", AwsKeys.ID);
    System.setProperty("aws.secretAccessKey", AwsKeys.SECRET);
  }

  private static BackupException refusal() throws Exception {
    try (S3BackupTarget target = target(Map.of())) {
      Throwable thrown = catchThrowable(() -> target.list(""));
      assertThat(thrown).isInstanceOf(BackupException.class);
      return (BackupException) thrown;
    }
  }

  private static S3BackupTarget target(Map<String, String> more) throws Exception {
    return target(VersityGatewayServer.shared().createBucket(), more);
  }

  private static S3BackupTarget target(String bucket, Map<String, String> more) throws Exception {
    S3Server server = VersityGatewayServer.shared();
    Map<String, String> options = new HashMap<>(server.options().values());
    options.putAll(more);
    return new S3BackupTarget(
        S3Location.parse(URI.create("s3://" + bucket)),
        S3Options.of(new ProviderOptions("s3", options)),
        RetrySettings.DEFAULT,
        Clock.systemUTC());
  }

  @Test
  void theRegionThatItNamesIsFollowed() throws Exception {
    ObjectName name = new ObjectName("a");
    try (S3BackupTarget target = target(Map.of("region", "mars-north-1"))) {
      target.write(name, out -> out.write(new byte[100]), WriteOptions.CREATE_ONLY);

      assertThat(target.list("")).extracting(ObjectInfo::name).containsExactly(name);
    }
  }

  /** It says that such a name is taken, and that nothing is there. */
  @Test
  void aDeletedNameOfABucketWithVersionsCanBeWrittenAgain() throws Exception {
    ObjectName name = new ObjectName("a");
    String bucket = VersityGatewayServer.shared().createBucket();
    VersityGatewayServer.shared()
        .client()
        .putBucketVersioning(
            r -> r.bucket(bucket).versioningConfiguration(v -> v.status("Enabled")));
    try (S3BackupTarget target = target(bucket, Map.of())) {
      for (int size : List.of(10, 20, 30)) {
        target.write(name, out -> out.write(new byte[size]), WriteOptions.CREATE_ONLY);
        assertThat(target.stat(name).orElseThrow().size()).isEqualTo(size);
        target.delete(name);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "aws.secretAccessKey, a-wrong-key, the secret key does not belong to the access key",
    "aws.accessKeyId, AKIAUNKNOWNTOTHESTORE, the store does not know the access key"
  })
  void aWrongKeyIsDenied(String property, String key, String fact) throws Exception {
    System.setProperty(property, key);

    BackupException refusal = refusal();

    assertThat(refusal.kind()).isEqualTo(Kind.DENIED);
    assertThat(refusal).hasMessageContaining(fact);
  }
}
