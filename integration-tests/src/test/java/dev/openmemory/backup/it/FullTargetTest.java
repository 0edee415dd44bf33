package dev.openmemory.backup.it;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testconditions.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system of 512 KiB, which takes the database and not the archive of the vectors. */
@Tag("services")
class FullTargetTest {
  @TempDir Path temp;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(temp.resolve("disk"));
    Requires.that(
        run("mount", "-t", "tmpfs", "-o", "size=512k", "none", disk.toString()) == 0,
        "mount rights");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", "--lazy", disk.toString());
  }

  @Test
  void aBackupThatDoesNotFitLeavesNothing() throws Exception {
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    byte[] vectors = new byte[600_000];
    Seeds.random().nextBytes(vectors);
    Files.write(sample.storage().resolve("vectors.dat"), vectors);
    try (BackupTarget target = BackupTargets.open(disk)) {
      Backups backups = Backups.in(target);
      BackupException failure =
          failureOf(() -> backups.create(sample.installation(), BackupRequest.named("first")));
      assertThat(failure.kind()).isEqualTo(Kind.NO_SPACE);
      assertThat(failure).hasMessageContaining(disk.toString());
      assertThat(backups.list()).isEmpty();
    }
    assertThat(disk).isEmptyDirectory();
  }

  @Test
  void aFullTargetDoesNotPreventDeletingFromIt() throws Exception {
    try (BackupTarget target = BackupTargets.open(disk)) {
      Path script = Files.createDirectory(disk.resolve("by-script"));
      Files.writeString(script.resolve("openmemory.db"), "x".repeat(5000));
      fill(disk.resolve("filler"));
      Backups backups = Backups.in(target);
      backups.delete(backups.list().get(0).name());
      assertThat(script).doesNotExist();
    }
  }

  private static void fill(Path file) throws IOException {
    try {
      Files.write(file, new byte[2 << 20]);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space");
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    if (Stream.of(System.getenv("PATH").split(":", -1))
        .noneMatch(folder -> Files.isExecutable(Path.of(folder, command[0])))) {
      return -1;
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }
}
