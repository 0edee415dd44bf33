package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("services")
class ByHandRestoreTest {
  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"tar", "busybox tar"})
  void theGuidesCommandsGiveTheSameFilesAsOurRestoreWhichHasHoles(String tar) throws Exception {
    Requires.that(isThere(tar.split(" ", -1)[0]), tar);
    SampleInstallation sample = SampleInstallation.unpackTo(temp.resolve("openmemory"));
    Path ours = temp.resolve("ours");
    try (BackupTarget target = BackupTargets.open(temp.resolve("backups"))) {
      Backups backups = Backups.in(target);
      backups.create(sample.installation(), BackupRequest.named("first"));
      backups.restore(
          new BackupName("first"), Installation.inFolder(ours), RestoreRequest.STANDARD);
    }
    Path byHand = Files.createDirectories(temp.resolve("by-hand"));
    Path backup = temp.resolve("backups/first");
    run(tar + " xzf", backup.resolve("qdrant-storage.tar.gz"), "-C", byHand);

    assertThat(withoutTimesOfFolders(byHand))
        .isEqualTo(withoutTimesOfFolders(ours.resolve("qdrant-storage")));
    assertThat(backup.resolve("openmemory.db"))
        .hasSameBinaryContentAs(ours.resolve("api/openmemory.db"));
    assertThat(backup.resolve("config.json"))
        .hasSameBinaryContentAs(ours.resolve("api/config.json"));
    assertThat(backup.resolve("qdrant-storage.tar.gz").toFile().length()).isLessThan(1_300_000);
    assertThat(DiskUsage.bytesOnDisk(ours.resolve("qdrant-storage"))).isLessThan(3_000_000);
  }

  /** busybox tar gives folders the time at which it makes them. */
  private static Map<String, String> withoutTimesOfFolders(Path root) throws IOException {
    Map<String, String> tree = FileTree.of(root);
    tree.replaceAll(
        (name, text) -> text.startsWith("dir") ? text.replaceFirst(" [0-9]+", "") : text);
    return tree;
  }

  private static boolean isThere(String program) {
    return List.of(System.getenv("PATH").split(":", -1)).stream()
        .anyMatch(d -> Files.isExecutable(Path.of(d, program)));
  }

  private static void run(String command, Object... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(command.split(" ", -1)));
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    Process process = new ProcessBuilder(all).inheritIO().start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
