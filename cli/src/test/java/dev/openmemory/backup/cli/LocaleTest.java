package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names in a locale that has no letters for them. */
class LocaleTest {
  private static final String REMEDY = "Set LC_ALL to a locale with UTF-8";

  @TempDir Path temp;

  @Test
  void argumentsThatTheJvmCouldNotDecodeAreRefused() {
    CommandLineRun run = CommandLineRun.of("list", "--home", "/srv/M\ufffd\ufffdller");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("openmemory-backup: name a file /srv/M\ufffd\ufffdller: ")
        .contains(REMEDY);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void variablesThatTheJvmCouldNotDecodeAreRefused() {
    CommandLineRun run =
        new CommandLineRun.Surroundings()
            .with("OPENMEMORY_BACKUP_TARGET", "/srv/\ufffd")
            .run("list", "--json");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.json().get("error").get("hint").asString()).contains(REMEDY);
  }

  @Test
  @Tag("services")
  void aFolderThatAnAsciiLocaleCannotNameIsRefused() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("Müller"));
    assertThat(inAscii(folder, "backup")).contains(REMEDY).hasLineCount(2);
  }

  @Test
  @Tag("services")
  void aPathOfTheSettingsFileThatAnAsciiLocaleCannotNameIsRefused() throws Exception {
    Files.writeString(temp.resolve("openmemory-backup.yaml"), "target: Müller\n");
    assertThat(inAscii(temp, "list")).contains(REMEDY).hasLineCount(2);
  }

  private static String inAscii(Path folder, String command) throws Exception {
    CommandLineRun run = new OwnProcess().with(Map.of("LC_ALL", "C")).in(folder).run(command);
    assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
    return run.text().strip();
  }
}
