package dev.openmemory.backup.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.optional.ExposesDatabase;
import dev.openmemory.backup.spi.optional.ReplacesFiles;
import dev.openmemory.backup.spi.optional.ReportsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** C, D and R: what a source, its captures and its restorations may offer; skipped without. */
abstract class SourceOptionalDuties extends SourceCaptureDuties {
  @Test
  @Duty("C1")
  final void theSettingsAreThoseThatABackupStates() throws Exception {
    for (int state = 0; state < 2; state++) {
      Facts settings = settings().settings(context());
      assertThat(settings.values()).isNotEmpty();
      try (Capture capture = source().capture(context())) {
        capture.check();
        assertThat(capture.facts().values()).containsAllEntriesOf(settings.values());
      }
      mutate(home());
    }
  }

  @Test
  @Duty("C2")
  final void settingsThatCannotBeReadAreAFailure() throws Exception {
    ReportsSettings settings = settings();
    breakInstallation(home());

    assertFails(() -> settings.settings(context()));
  }

  @Test
  @Duty("C3")
  final void askingForSettingsChangesNothing() throws Exception {
    Object before = footprint();

    settings().settings(context());

    assertNothingLeft(before);
  }

  private ReportsSettings settings() {
    assumeTrue(source() instanceof ReportsSettings);
    return (ReportsSettings) source();
  }

  @Test
  @Duty("D1")
  final void theDatabaseIsCompleteAsSoonAsItIsCaptured() throws Exception {
    try (Capture capture = source().capture(context())) {
      Path file = database(capture);
      assertThat(capture.detached()).isTrue();
      assertThat(new String(Files.readAllBytes(file), US_ASCII)).startsWith("SQLite format 3\0");
      for (String suffix : List.of("-wal", "-journal")) {
        assertThat(file.resolveSibling(file.getFileName() + suffix)).doesNotExist();
      }
    }
  }

  @Test
  @Duty("D2")
  final void theDatabaseHasTheBytesOfTheBackup() throws Exception {
    try (Capture capture = source().capture(context())) {
      Path file = database(capture);
      InMemoryBackupFiles files = InMemoryBackupFiles.of(capture);
      assertThat(files.names()).hasSize(1);
      assertThat(Files.readAllBytes(file)).isEqualTo(files.bytes(files.names().get(0)));
    }
  }

  @Test
  @Duty("D3")
  final void nothingChangesTheDatabaseUntilTheCaptureIsClosed() throws Exception {
    try (Capture capture = source().capture(context())) {
      Path folder = Objects.requireNonNull(database(capture).toAbsolutePath().getParent());
      Map<String, String> before = files(folder);
      mutate(home());
      capture.check();
      assertThat(files(folder)).isEqualTo(before);
    }
  }

  @Test
  @Duty("D4")
  final void closingTheCaptureRemovesTheDatabase() throws Exception {
    Capture capture = source().capture(context());
    try (capture) {
      assertThat(database(capture)).exists();
    }
    assertThat(database(capture)).doesNotExist();
  }

  private static Path database(Capture capture) {
    assumeTrue(capture instanceof ExposesDatabase);
    assertThat(((ExposesDatabase) capture).original()).isNotEmpty();
    return ((ExposesDatabase) capture).database();
  }

  @Test
  @Duty("R1")
  final void allFilesThatAreReplacedAreNamed() throws Exception {
    InMemoryBackupFiles files = backup();
    mutate(home());
    Map<String, String> before = files(home());
    try (Restoration restoration = prepare(files)) {
      List<Path> named = replaced(restoration);
      restoration.apply();
      Map<String, String> after = files(home());
      List<Path> changed = new ArrayList<>();
      before.forEach(
          (name, content) -> {
            if (!content.equals(after.get(name))) {
              changed.add(home().resolve(name));
            }
          });
      assertThat(changed).isNotEmpty();
      assertThat(named).containsAll(changed);
    }
  }

  @Test
  @Duty("R2")
  final void theSameFilesAreNamedAfterTheyWereReplaced() throws Exception {
    InMemoryBackupFiles files = backup();
    try (Restoration restoration = prepare(files)) {
      Object before = footprint();
      List<Path> named = replaced(restoration);
      assertThat(footprint()).isEqualTo(before);
      assertThat(named).isNotEmpty().allMatch(Path::isAbsolute);
      restoration.apply();
      assertThat(replaced(restoration)).isEqualTo(named);
    }
  }

  private static List<Path> replaced(Restoration restoration) throws IOException {
    assumeTrue(restoration instanceof ReplacesFiles);
    return ((ReplacesFiles) restoration).replaced();
  }
}
