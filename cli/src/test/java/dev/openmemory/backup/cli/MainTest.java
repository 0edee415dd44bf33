package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.command.RootCommand;
import dev.openmemory.backup.cli.output.Failure;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.terminal.Host;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class MainTest {
  @TempDir Path temp;

  @Test
  void helpAndVersionAreResults() {
    for (String[] args :
        new String[][] {{"help"}, {"--help"}, {"-h"}, {"list", "--help"}, {"help", "list"}}) {
      CommandLineRun run = CommandLineRun.of(args);
      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).startsWith("Usage: openmemory-backup").contains("--target");
      assertThat(run.err()).isEmpty();
    }
    CommandLineRun version = CommandLineRun.of("--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).startsWith("openmemory-backup ").contains("Java");
  }

  @Test
  void helpListsEveryCommand() {
    assertThat(CommandLineRun.of("help").out())
        .contains(
            "  backup ",
            "  restore ",
            "  list ",
            "  show ",
            "  verify ",
            "  export ",
            "  delete ",
            "  doctor ",
            "  target ",
            "  demo ",
            "  help ");
    assertThat(CommandLineRun.of("help", "nonsense").exitCode()).isEqualTo(2);
  }

  @Test
  void onlyTheCommandThatComesFirstIsBuilt() {
    Session session = new Session(Host.ofThisProcess(new Cancellation()));
    Map<String, CommandLine> all = RootCommand.commandLine(session).getSubcommands();
    all.forEach(
        (name, command) -> {
          assertThat(command.getCommandName()).isEqualTo(name);
          assertThat(RootCommand.commandLine(session, new String[] {name, "x"}).getSubcommands())
              .containsOnlyKeys(name.equals("help") ? all.keySet() : Set.of(name));
        });
    for (String[] none : new String[][] {{}, {"-v", "list"}, {"lst"}}) {
      assertThat(RootCommand.commandLine(session, none).getSubcommands())
          .containsOnlyKeys(all.keySet());
    }
  }

  @Test
  void aWrongCommandLineSaysWhatIsWrongWithoutAStackTrace() {
    for (String[] args :
        new String[][] {
          {"backp"},
          {"list", "--nonsense"},
          {"show"},
          {"list", "extra"},
          {"backup", "--compression-level", "much"}
        }) {
      CommandLineRun run = CommandLineRun.of(args);
      assertThat(run.exitCode()).as(String.join(" ", args)).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .startsWith("openmemory-backup: command line: ")
          .contains("help")
          .doesNotContain("\tat ");
      assertThat(run.err().lines().count()).isEqualTo(2);
    }
    assertThat(CommandLineRun.of("backp").err()).contains("Did you mean").contains("backup");
  }

  @Test
  void aWrongCommandLineIsJsonWhenJsonWasAskedFor() {
    CommandLineRun run = CommandLineRun.of("list", "--json", "--nonsense");
    JsonNode error = run.json().get("error");
    assertThat(error.get("kind").asString()).isEqualTo("INVALID");
    assertThat(error.get("exitCode").asInt()).isEqualTo(2);
    assertThat(error.get("message").asString()).contains("--nonsense");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void commonOptionsMayStandBeforeTheCommand() {
    CommandLineRun run = CommandLineRun.of("--json", "--home", temp.toString(), "list");
    assertThat(run.exitCode()).isZero();
    assertThat(run.json().get("target").asString()).contains(temp.toString());
  }

  @Test
  void foldersAreShownAsPathsAndNotAsUris() {
    assertThat(TextRenderer.place("file:/srv/open%20memory/")).isEqualTo("/srv/open memory");
    assertThat(TextRenderer.place("s3://bucket/a%20b")).isEqualTo("s3://bucket/a%20b");
    assertThat(TextRenderer.place("file:/bad%zz")).isEqualTo("file:/bad%zz");
  }

  @Test
  void aTargetOfAnUnknownSchemeIsUnsupported() {
    CommandLineRun run = CommandLineRun.of("list", "--target", "gopher://host/x");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("gopher");
  }

  @Test
  void aPasswordInATargetIsRefusedAndNotRepeated() {
    CommandLineRun run = CommandLineRun.of("list", "--target", "sftp://me:hunter2@host/x");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.text()).doesNotContain("hunter2");
  }

  @Test
  void stackTracesAreForVerboseOnly() {
    assertThat(CommandLineRun.of("list", "--target", "gopher://host/x").err())
        .doesNotContain("\tat ");
    assertThat(CommandLineRun.of("list", "-v", "--target", "gopher://host/x").err())
        .contains("\tat ");
  }

  @Test
  void aDefectIsOneLineAndTheWayToItsStackTrace() {
    Failure failure = Failure.of(new IllegalStateException("boom"));
    assertThat(failure.exitCode()).isEqualTo(1);
    assertThat(failure.message()).isEqualTo("IllegalStateException: boom");
    assertThat(failure.hint()).contains("--verbose");
  }

  @Test
  void whatCannotBePrintedIsAFailure() {
    PrintStream full =
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            },
            true,
            StandardCharsets.UTF_8);
    Host host =
        new Host(
            InputStream.nullInputStream(),
            full,
            full,
            Map.of(),
            prompt -> Optional.empty(),
            false,
            false,
            Clock.systemUTC(),
            () -> Duration.ZERO,
            new Cancellation());
    assertThat(Main.run(new String[] {"list", "--home", temp.toString()}, host)).isEqualTo(1);
  }
}
