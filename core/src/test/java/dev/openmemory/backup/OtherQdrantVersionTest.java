package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.sample.FileWriters;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of vectors are not put under a Qdrant that cannot open them. */
class OtherQdrantVersionTest {
  private static final BackupName FIRST = new BackupName("first");

  @TempDir Path temp;
  private Installation installation;
  private FileWriters writers;
  private Backups backups;

  @BeforeEach
  void backUp() throws IOException {
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    writers = new FileWriters(Files.createDirectory(temp.resolve("writers")));
    writers.set("store", FileWriters.RUNNING);
    writers.turnOn("store.version", "1.15.3");
    installation = sample.installation().withWriters(writers.asWriters());
    backups =
        Backups.in(new InMemoryBackupTarget())
            .withScratch(Files.createDirectory(temp.resolve("tmp")));
    backups.create(installation, BackupRequest.STANDARD.withName(FIRST));
    writers.forgetLog();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.15.0", "1.15.9", "1.16.0"})
  void theSameMinorVersionAndTheNextTakeThem(String here) throws IOException {
    writers.turnOn("store.version", here);

    assertThat(backups.restore(FIRST, installation, RestoreRequest.STANDARD).warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.14.9", "1.17.0", "2.15.3"})
  void anyOtherIsRefusedBeforeAnythingStopsUnlessTheUserInsists(String here) throws IOException {
    writers.turnOn("store.version", here);

    for (RestoreRequest request :
        List.of(RestoreRequest.STANDARD, RestoreRequest.STANDARD.asDryRun())) {
      BackupException refusal =
          catchThrowableOfType(
              BackupException.class, () -> backups.restore(FIRST, installation, request));
      assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
      assertThat(refusal)
          .hasMessageContaining("of Qdrant 1.15.3")
          .hasMessageContaining("has " + here)
          .hasMessageContaining("image tag v1.15.3");
      assertThat(writers.logged()).doesNotContain("pause store", "stop store");
    }
    RestoreReport forced =
        backups.restore(FIRST, installation, RestoreRequest.STANDARD.acceptingAnyQdrantVersion());
    assertThat(forced.warnings()).extracting(Warning::code).containsExactly("qdrant-version");
    backups.restore(
        FIRST,
        installation,
        RestoreRequest.STANDARD.withOnly(Set.of("config")).acceptingMismatch());
  }

  @Test
  void anUnknownVersionOfTheServerIsAWarningThatNamesTheTag() throws IOException {
    writers.turnOff("store.version");

    assertThat(backups.restore(FIRST, installation, RestoreRequest.STANDARD).warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.code()).isEqualTo("qdrant-version"))
        .satisfies(warning -> assertThat(warning.message()).contains("v1.15.3", "container store"));
  }
}
