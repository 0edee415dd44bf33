package dev.openmemory.backup.cli.help;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.command.RootCommand;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.terminal.Host;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HelpTest {
  private final Map<String, CommandLine> commands = new TreeMap<>();

  HelpTest() {
    collect(commandLine());
  }

  private static CommandLine commandLine() {
    return RootCommand.commandLine(new Session(Host.ofThisProcess(new Cancellation())));
  }

  private void collect(CommandLine command) {
    commands.put(command.getCommandSpec().qualifiedName(), command);
    command.getSubcommands().values().forEach(this::collect);
  }

  @Test
  void everyCommandHasExamplesWhichItUnderstands() {
    Examples examples = new Examples();
    commands.forEach(
        (name, command) -> {
          boolean group = !command.getSubcommands().isEmpty() && command.getParent() != null;
          if (!group && !name.endsWith(" help")) {
            assertThat(examples.of(name)).as(name).isNotEmpty();
          }
          examples.of(name).forEach(example -> assertUnderstood(name, example));
        });
  }

  private static void assertUnderstood(String command, String example) {
    List<String> words = Arrays.asList(example.split(" "));
    assertThat(example + " ").startsWith(command + " ");
    CommandLine line = commandLine();
    assertThatCode(() -> line.parseArgs(words.subList(1, words.size()).toArray(new String[0])))
        .as(example)
        .doesNotThrowAnyException();
  }

  @Test
  void itHasEachSectionOnceAndFitsIntoEightyColumns() {
    commands.forEach(
        (name, command) -> {
          List<String> lines = command.getUsageMessage().lines().toList();
          assertThat(lines).as(name).allMatch(line -> line.length() <= 80);
          assertThat(lines).filteredOn("Examples:"::equals).as(name).hasSizeLessThan(2);
          assertThat(lines).containsOnlyOnce("Options of all commands:");
          assertThat(lines).doesNotContainSequence("", "");
          assertThat(lines.get(0)).startsWith("Usage: " + name);
        });
  }

  @Test
  void ownOptionsComeBeforeThoseOfAllCommands() {
    String help = CommandLineRun.of("help", "list").out();
    assertThat(help.indexOf("Examples:")).isLessThan(help.indexOf("Options:")).isPositive();
    assertThat(help.indexOf("--sort")).isLessThan(help.indexOf("Options of all commands:"));
    assertThat(help.indexOf("--target=")).isGreaterThan(help.indexOf("Options of all commands:"));
  }

  @Test
  void theProgramsCommandsAreInGroupsEachOnce() {
    List<String> lines = CommandLineRun.of("help").out().lines().toList();
    assertThat(lines).contains("Back up and restore:", "Learn:");
    for (String name : commandLine().getSubcommands().keySet()) {
      assertThat(lines)
          .as(name)
          .filteredOn(line -> line.matches("  " + name + " {2,}[A-Z].*"))
          .hasSize(1);
    }
  }
}
