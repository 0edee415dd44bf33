package dev.openmemory.backup.cli.help;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The order of a command's help: a short usage line, what the command does, examples, its own
 * options, and last the options that all commands have. The commands of the program are in groups.
 */
public final class HelpLayout {
  private static final String EXAMPLES = "examples";
  private static final String COMMON = "commonOptions";
  private static final int COMMAND_WIDTH = 14;
  private static final String OWN = "Options";
  private static final String OF_ALL = "Options of all commands";

  private final Examples examples;
  private final Map<String, List<String>> groups;

  private HelpLayout(Examples examples, Map<String, List<String>> groups) {
    this.examples = examples;
    this.groups = groups;
  }

  /**
   * Lays out the help of the program and of its commands.
   *
   * @param groups the names of the program's commands by the title of their group, in order
   */
  public static void apply(CommandLine program, Map<String, List<String>> groups) {
    HelpLayout layout = new HelpLayout(new Examples(), new LinkedHashMap<>(groups));
    // Also of its commands.
    program.setHelpSectionKeys(keys(program));
    layout.layOut(program);
    program.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    program.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, layout::commands);
  }

  private void layOut(CommandLine command) {
    command
        .getCommandSpec()
        .usageMessage()
        .abbreviateSynopsis(true)
        .parameterListHeading("%nArguments:%n")
        .commandListHeading("%nCommands:%n");
    command.getHelpSectionMap().put(EXAMPLES, this::examples);
    command
        .getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> options(help, false));
    command.getHelpSectionMap().put(COMMON, help -> options(help, true));
    command.getSubcommands().values().forEach(this::layOut);
  }

  /** The commands of the program come before options; so a person sees them first. */
  private static List<String> keys(CommandLine command) {
    List<String> keys = new ArrayList<>(command.getHelpSectionKeys());
    List<String> commands =
        List.of(
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
    keys.removeAll(commands);
    int description = keys.indexOf(UsageMessageSpec.SECTION_KEY_DESCRIPTION);
    keys.addAll(description + 1, commands);
    keys.add(description + 1, EXAMPLES);
    keys.add(keys.indexOf(UsageMessageSpec.SECTION_KEY_OPTION_LIST) + 1, COMMON);
    return keys;
  }

  private String examples(Help help) {
    List<String> lines = examples.of(help.commandSpec().qualifiedName());
    return lines.isEmpty()
        ? ""
        : lines.stream()
            .map(line -> "  " + line + System.lineSeparator())
            .collect(Collectors.joining("", heading("Examples"), ""));
  }

  private String options(Help help, boolean common) {
    boolean program = help.commandSpec().parent() == null;
    List<OptionSpec> options =
        help.commandSpec().options().stream()
            .filter(option -> (option.inherited() || (program && !isOwn(option))) == common)
            .filter(option -> !option.hidden())
            .toList();
    return options.isEmpty()
        ? ""
        : heading(common ? OF_ALL : OWN) + help.optionListExcludingGroups(options);
  }

  /** What the program has and its commands do not inherit. */
  private static boolean isOwn(OptionSpec option) {
    return option.versionHelp();
  }

  private static String heading(String text) {
    return System.lineSeparator() + text + ":" + System.lineSeparator();
  }

  private String commands(Help help) {
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (title, names) -> {
          Map<String, Help> group = new LinkedHashMap<>(help.subcommands());
          group.keySet().retainAll(names);
          text.append(heading(title)).append(commandList(help, group));
        });
    return text.toString();
  }

  private static String commandList(Help help, Map<String, Help> group) {
    Help.TextTable table =
        Help.TextTable.forColumns(
            help.colorScheme(),
            new Help.Column(COMMAND_WIDTH, 2, Help.Column.Overflow.SPAN),
            new Help.Column(
                help.commandSpec().usageMessage().width() - COMMAND_WIDTH,
                2,
                Help.Column.Overflow.WRAP));
    group.forEach(
        (name, command) ->
            table.addRowValues(
                help.colorScheme().commandText(name),
                Help.Ansi.AUTO.new Text(firstLine(command), help.colorScheme())));
    return table.toString();
  }

  private static String firstLine(Help command) {
    Collection<String> lines = List.of(command.commandSpec().usageMessage().description());
    return lines.stream().findFirst().orElse("");
  }
}
