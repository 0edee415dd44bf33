package dev.openmemory.backup.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder run =
        new ProcessBuilder(
                List.of(
                    java,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    command))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    run.environment().put("LC_ALL", "C");
    run.environment().put("DOCKER_HOST", CommandLineRun.NO_ENGINE);
    Process process = run.start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(text).isEqualTo(2);
    return text;
  }
}
