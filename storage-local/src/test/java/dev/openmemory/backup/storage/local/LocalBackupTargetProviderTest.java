package dev.openmemory.backup.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.BackupTargetProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalBackupTargetProviderTest {
  private static final ProviderOptions NONE = new ProviderOptions("file", Map.of());

  private final BackupTargetProvider provider =
      ServiceLoader.load(BackupTargetProvider.class).findFirst().orElseThrow();

  @TempDir Path folder;

  @Test
  void theServiceLoaderFindsItByTheSchemeFile() {
    assertThat(provider).isInstanceOf(LocalBackupTargetProvider.class);
    assertThat(provider.scheme()).isEqualTo("file");
  }

  @Test
  void openingTouchesNothing() throws Exception {
    Path root = folder.resolve("with space");

    try (BackupTarget target = provider.open(root.toUri(), NONE)) {
      assertThat(target.location()).endsWith("/with%20space");
    }

    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:relative/path",
        "file://host/path",
        "file://user:hunter2@host/path",
        "file:///path?fsync=false",
        "file:///path#part",
        "s3:///bucket",
        "/no/scheme"
      })
  void whatHasNoMeaningIsInvalidAndNotRepeatedInTheMessage(String location) {
    BackupException failure =
        catchThrowableOfType(
            BackupException.class, () -> provider.open(URI.create(location), NONE));

    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure).hasMessageNotContaining("hunter2");
  }

  @Test
  void unknownOptionsAreUnsupported() {
    ProviderOptions options = new ProviderOptions("file", Map.of("mode", "0644"));

    BackupException failure =
        catchThrowableOfType(BackupException.class, () -> provider.open(folder.toUri(), options));

    assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
  }
}
