package dev.openmemory.backup.cli.command.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options of a command line, to be given to another command. */
final class GivenOptions {
  private final List<ParseResult> levels = new ArrayList<>();

  /**
   * Those of all commands on the line.
   *
   * @param parsed of the program
   */
  GivenOptions(ParseResult parsed) {
    for (ParseResult level = parsed; level != null; level = level.subcommand()) {
      levels.add(level);
    }
  }

  /** The options to pass on, as arguments. */
  List<String> arguments(Predicate<OptionSpec> wanted) {
    List<String> arguments = new ArrayList<>();
    for (ParseResult level : levels) {
      for (OptionSpec option : level.matchedOptions()) {
        if (wanted.test(option)) {
          level
              .matchedOption(option.longestName())
              .stringValues()
              .forEach(value -> arguments.add(option.longestName() + "=" + value));
        }
      }
    }
    return arguments;
  }
}
