package dev.openmemory.backup.encryption;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.encryption.Secret;
import dev.openmemory.backup.testkit.disk.DiskState;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import dev.openmemory.backup.testkit.disk.WatchedDisk.Survivors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with a private key is there as a whole or not at all. */
class KeyFilesTest {
  private static final Secret KEY = Secret.of("AGE-SECRET-KEY-1".repeat(1000));
  private static final String NAME = "backup.key";

  @TempDir Path temp;

  @Test
  void aDiskThatIsFullFromAnyChangeOnKeepsNothingOfTheKey() throws IOException {
    boolean failed = true;
    for (int changes = 0; failed; changes++) {
      Path folder = Files.createDirectory(temp.resolve("full-from-" + changes));
      int[] left = {changes};
      try (WatchedDisk disk = WatchedDisk.over(folder)) {
        disk.beforeEachChange(() -> disk.fill(left[0]-- <= 0));
        failed = fails(disk.path().resolve(NAME));
      }
      if (failed) {
        assertThat(folder).as("full from change %s on", changes).isEmptyDirectory();
      } else {
        assertThat(changes).as("changes that need room").isPositive();
        assertThat(folder.resolve(NAME)).hasBinaryContent(KEY.bytes());
        assertThat(folder.toFile().list()).containsExactly(NAME);
      }
    }
  }

  private static boolean fails(Path file) {
    try {
      KeyFiles.write(file, KEY);
      return false;
    } catch (BackupException e) {
      assertThat(e.kind()).isEqualTo(Kind.NO_SPACE);
      assertThat(e.location()).isEqualTo(file.toString());
      return true;
    }
  }

  @Test
  void aKillAndALossOfPowerLeaveNoPartOfTheKeyInItsPlace() throws IOException {
    try (WatchedDisk disk = WatchedDisk.over(temp)) {
      Path file = disk.path().resolve(NAME);
      for (DiskState end :
          disk.endsOf(EnumSet.allOf(Survivors.class), () -> KeyFiles.write(file, KEY)).keySet()) {
        disk.restore(end);
        if (Files.exists(temp.resolve(NAME))) {
          assertThat(temp.resolve(NAME)).hasBinaryContent(KEY.bytes());
        }
      }
    }
  }

  @Test
  void whatHasTheNameStays() throws IOException {
    Path file = Files.writeString(temp.resolve(NAME), "mine");

    assertThat(failureOf(() -> KeyFiles.write(file, KEY)).kind()).isEqualTo(Kind.ALREADY_EXISTS);

    assertThat(file).hasContent("mine");
    assertThat(temp.toFile().list()).containsExactly(NAME);
  }
}
