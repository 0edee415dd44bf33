package dev.openmemory.backup.cli.completion;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the scripts of all shells say about commands and options. */
final class Words {
  private Words() {}

  /** What a value is completed with. */
  enum Value {
    NONE,
    FILE,
    DIRECTORY
  }

  /** A command with everything below it, parents first. */
  static Stream<CommandSpec> commands(CommandSpec root) {
    return Stream.concat(
        Stream.of(root),
        root.subcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .flatMap(Words::commands));
  }

  /** The words that lead to a command, without the program; empty for the program itself. */
  static String path(CommandSpec command) {
    String root = command.root().name();
    return command.qualifiedName().substring(root.length()).strip();
  }

  /** Names with their dashes, also names that turn a flag off. */
  static List<String> names(OptionSpec option) {
    Stream<String> off =
        Arrays.stream(option.names())
            .filter(name -> option.negatable() && name.startsWith("--"))
            .map(name -> "--no-" + name.substring(2));
    return Stream.concat(Arrays.stream(option.names()), off).toList();
  }

  static String description(CommandSpec command) {
    return firstSentence(command.usageMessage().description());
  }

  static String description(OptionSpec option) {
    return firstSentence(option.description());
  }

  /** Without the rest, which does not fit beside a name. */
  private static String firstSentence(String[] text) {
    String whole = String.join(" ", text);
    int end = whole.indexOf(". ");
    String first = end < 0 ? whole : whole.substring(0, end);
    return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
  }

  static boolean needsValue(OptionSpec option) {
    return option.arity().min() > 0;
  }

  static List<String> choices(ArgSpec argument) {
    Iterable<String> candidates = argument.completionCandidates();
    return candidates == null
        ? List.of()
        : StreamSupport.stream(candidates.spliterator(), false)
            .map(candidate -> candidate.toLowerCase(Locale.ROOT))
            .toList();
  }

  static Value value(ArgSpec argument) {
    String label = argument.paramLabel();
    if (Set.of("DIR", "URI", "DESTINATION").contains(label)) {
      return Value.DIRECTORY;
    }
    return label.startsWith("FILE") || label.startsWith("PATH") ? Value.FILE : Value.NONE;
  }

  /** As one word of a shell. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  static String quoted(Stream<String> texts) {
    return texts.map(Words::quoted).collect(Collectors.joining(" "));
  }
}
