package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.testconditions.Requires;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Directories that SQLite's native library cannot be unpacked into, or run from. */
@Tag("services")
class NativeLibraryTest extends SampleTest {
  private static final String REMEDY = "OPENMEMORY_BACKUP_JAVA_OPTS=-Dorg.sqlite.tmpdir=DIR";

  private Path directory;
  private boolean mounted;

  @BeforeEach
  void makeDirectory() throws Exception {
    directory = Files.createDirectory(temp.resolve("unpacked"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", "-l", directory.toString())).isTrue();
    }
  }

  @Test
  void aDirectoryThatIsMountedNoexecIsNamedInOneLineWithTheRemedy() throws Exception {
    mount("noexec");
    CommandLineRun backup = backup(new OwnProcess("-Dorg.sqlite.tmpdir=" + directory));
    assertThat(backup.exitCode()).isEqualTo(1);
    assertThat(backup.err().lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("load SQLite " + directory) && line.contains("noexec"))
        .anyMatch(line -> line.contains(REMEDY));
  }

  @Test
  void aFullDirectoryIsNoSpace() throws Exception {
    mount("size=500k");
    CommandLineRun backup = backup(new OwnProcess("-Dorg.sqlite.tmpdir=" + directory), "--json");
    JsonNode error = backup.json().get("error");
    assertThat(error.get("kind").asString()).isEqualTo("NO_SPACE");
    assertThat(error.get("message").asString())
        .isEqualTo("the native library cannot be unpacked: No space left on device");
    assertThat(error.get("hint").asString()).contains(REMEDY);
    assertThat(backup.err()).isEmpty();
  }

  @Test
  void aLimitOfTheSizeOfFilesIsNamed() throws Exception {
    OwnProcess limited = new OwnProcess("-Dorg.sqlite.tmpdir=" + directory);
    CommandLineRun backup = backup(limited.by("sh", "-c", "ulimit -f 100; exec \"$@\"", "sh"));
    assertThat(backup.err().lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("cannot be unpacked: File too large"))
        .anyMatch(line -> line.contains(REMEDY));
  }

  private CommandLineRun backup(OwnProcess process, String... more) throws Exception {
    String[] backup = sample.onStorage("backup", "--quiet", "--only", "database");
    return process.run(SampleHome.with(more, backup));
  }

  private void mount(String option) throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", option, "none", directory.toString());
    Requires.that(mounted, "mount rights");
  }

  private static boolean run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }
}
