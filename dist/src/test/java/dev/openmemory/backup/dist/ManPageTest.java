package dev.openmemory.backup.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.command.RootCommand;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.terminal.Host;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

class ManPageTest {
  private final ManPage page = new ManPage("1.2", "2026-01-31", Map.of(4, "not found"));

  @Test
  void everyCommandHasAPageWithAllItsOptions() {
    List<CommandSpec> commands =
        ManPage.commands(
            RootCommand.commandLine(new Session(Host.ofThisProcess(new Cancellation())))
                .getCommandSpec());
    assertThat(commands)
        .extracting(ManPage::name)
        .contains("openmemory-backup", "openmemory-backup-backup", "openmemory-backup-key-show");
    for (CommandSpec command : commands) {
      String text = page.text(command);
      assertThat(text).startsWith(".TH ").contains("\n.SH NAME\n").doesNotContain("${");
      for (OptionSpec option : command.options()) {
        String name = option.longestName();
        assertThat(text)
            .contains(ManPage.escaped(option.negatable() ? "--[no-]" + name.substring(2) : name));
      }
    }
  }

  @Test
  void aPageHasTheSectionsOfAManual() {
    CommandSpec command = CommandSpec.create().name("tool");
    command.usageMessage().description("Does a thing. It says so.");
    command.addOption(
        OptionSpec.builder("-n", "--name")
            .paramLabel("NAME")
            .arity("1")
            .description("A\\b.")
            .build());
    command.addOption(
        OptionSpec.builder("--ask").negatable(true).arity("0").description("b.").build());
    command.addPositional(
        PositionalParamSpec.builder().paramLabel("FILE").arity("0..1").description(".f").build());
    assertThat(page.text(command))
        .isEqualTo(
            """
            .TH "tool" "1" "2026\\-01\\-31" "openmemory-backup 1.2"
            .SH NAME
            tool \\- Does a thing
            .SH SYNOPSIS
            \\fBtool\\fR [\\fIOPTION\\fR...] \\fI[FILE]\\fR
            .SH DESCRIPTION
            Does a thing. It says so.
            .SH ARGUMENTS
            .TP
            \\fIFILE\\fR
            \\&.f
            .SH OPTIONS
            .TP
            \\fB\\-\\-[no\\-]ask\\fR
            b.
            .TP
            \\fB\\-n\\fR, \\fB\\-\\-name\\fR=\\fINAME\\fR
            A\\eb.
            .SH EXIT STATUS
            .TP
            \\fB4\\fR
            not found
            """);
  }

  @Test
  void theExitCodesAreThoseOfTheDocument() throws Exception {
    Path document = Path.of(System.getProperty("openmemory.root", ".."), "docs/cli.md");
    assertThat(ManPage.exitCodes(Files.readAllLines(document)))
        .containsEntry(0, "done")
        .containsEntry(4, "not found")
        .containsKeys(1, 2, 3, 5, 6, 7, 8, 9, 130);
  }
}
