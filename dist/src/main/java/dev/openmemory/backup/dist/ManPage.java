package dev.openmemory.backup.dist;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command as a page of the manual, in roff. */
final class ManPage {
  private static final Pattern EXIT_CODE = Pattern.compile("\\| (\\d+) \\| ([^|]+) \\|.*");

  private final String version;
  private final String date;
  private final Map<Integer, String> exitCodes;

  /**
   * Creates one.
   *
   * @param date ISO 8601
   */
  ManPage(String version, String date, Map<Integer, String> exitCodes) {
    this.version = version;
    this.date = date;
    this.exitCodes = new TreeMap<>(exitCodes);
  }

  /** Reads the table of a document. */
  static Map<Integer, String> exitCodes(List<String> document) {
    return document.stream()
        .dropWhile(line -> !line.equals("## Exit codes"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .flatMap(line -> EXIT_CODE.matcher(line).results())
        .collect(
            Collectors.toMap(
                row -> Integer.valueOf(row.group(1)), row -> row.group(2).replace("`", "")));
  }

  /** A command with everything below it. */
  static List<CommandSpec> commands(CommandSpec root) {
    return Stream.concat(Stream.of(root), below(root).flatMap(c -> commands(c).stream())).toList();
  }

  /** The name of its page, as programs name pages of commands with commands: with dashes. */
  static String name(CommandSpec command) {
    return command.qualifiedName().replace(' ', '-');
  }

  String text(CommandSpec command) {
    StringBuilder page = new StringBuilder();
    page.append(
        String.format(
            Locale.ROOT,
            ".TH \"%s\" \"1\" \"%s\" \"openmemory-backup %s\"\n",
            escaped(name(command)),
            escaped(date),
            escaped(version)));
    section(page, "NAME", escaped(name(command)) + " \\- " + escaped(firstSentence(command)));
    section(page, "SYNOPSIS", synopsis(command));
    section(page, "DESCRIPTION", paragraphs(command.usageMessage().description()));
    section(page, "ARGUMENTS", all(command.positionalParameters(), ManPage::argument));
    section(page, "COMMANDS", all(below(command).toList(), ManPage::subcommand));
    section(page, "OPTIONS", options(command, false));
    section(page, "COMMON OPTIONS", options(command, true));
    if (command.parent() == null) {
      section(page, "EXIT STATUS", all(exitCodes.entrySet(), ManPage::exitCode));
    }
    section(page, "SEE ALSO", seeAlso(command));
    return page.toString();
  }

  private static Stream<CommandSpec> below(CommandSpec command) {
    return command.subcommands().values().stream().map(CommandLine::getCommandSpec);
  }

  private static String synopsis(CommandSpec command) {
    String arguments =
        command.positionalParameters().stream()
            .map(p -> " \\fI" + escaped(label(p)) + "\\fR")
            .collect(Collectors.joining());
    String below = command.subcommands().isEmpty() ? "" : " \\fICOMMAND\\fR";
    return bold(command.qualifiedName()) + below + " [\\fIOPTION\\fR...]" + arguments;
  }

  private static String label(PositionalParamSpec argument) {
    String label = argument.paramLabel() + (argument.arity().max() > 1 ? "..." : "");
    return argument.required() ? label : "[" + label + "]";
  }

  private static String options(CommandSpec command, boolean inherited) {
    boolean isRoot = command.parent() == null;
    return all(
        command.options().stream()
            .filter(option -> !option.hidden() && (option.inherited() && !isRoot) == inherited)
            .sorted(Comparator.comparing(OptionSpec::longestName))
            .toList(),
        ManPage::option);
  }

  private static String option(OptionSpec option) {
    String names =
        Arrays.stream(option.names())
            .map(name -> bold(option.negatable() ? name.replace("--", "--[no-]") : name))
            .collect(Collectors.joining(", "));
    String value = "=\\fI" + escaped(option.paramLabel()) + "\\fR";
    if (option.arity().max() == 0) {
      value = "";
    } else if (option.arity().min() == 0) {
      value = "[" + value + "]";
    }
    return tagged(names + value, description(option));
  }

  private static String argument(PositionalParamSpec argument) {
    return tagged("\\fI" + escaped(argument.paramLabel()) + "\\fR", description(argument));
  }

  private static String subcommand(CommandSpec command) {
    return tagged(
        "\\fB" + escaped(name(command)) + "\\fR(1)",
        paragraphs(command.usageMessage().description()));
  }

  private static String exitCode(Map.Entry<Integer, String> code) {
    return tagged(bold(code.getKey().toString()), escaped(code.getValue()));
  }

  private static String seeAlso(CommandSpec command) {
    CommandSpec parent = command.parent();
    Stream<CommandSpec> pages =
        parent == null ? below(command) : Stream.concat(Stream.of(parent), below(command));
    return pages
        .map(page -> "\\fB" + escaped(name(page)) + "\\fR(1)")
        .collect(Collectors.joining(",\n"));
  }

  private static String firstSentence(CommandSpec command) {
    String text = String.join(" ", command.usageMessage().description());
    int end = text.indexOf(". ");
    return (end < 0 ? text : text.substring(0, end)).replaceFirst("\\.$", "");
  }

  private static String description(ArgSpec argument) {
    return paragraphs(argument.description());
  }

  private static String paragraphs(String[] lines) {
    return Arrays.stream(lines).map(ManPage::escaped).collect(Collectors.joining("\n.br\n"));
  }

  private static <T> String all(Iterable<T> things, Function<T, String> text) {
    StringBuilder all = new StringBuilder();
    things.forEach(thing -> all.append(text.apply(thing)));
    return all.toString().stripTrailing();
  }

  private static String tagged(String tag, String text) {
    return ".TP\n" + tag + "\n" + text + "\n";
  }

  private static void section(StringBuilder page, String title, String text) {
    if (!text.isEmpty()) {
      page.append(".SH ").append(title).append('\n').append(text).append('\n');
    }
  }

  private static String bold(String text) {
    return "\\fB" + escaped(text) + "\\fR";
  }

  /** Text that roff prints as it is. */
  static String escaped(String text) {
    String marked = text.replace("\\", "\\e").replace("-", "\\-");
    return marked.startsWith(".") || marked.startsWith("'") ? "\\&" + marked : marked;
  }
}
