package dev.openmemory.backup.cli.completion;

import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A {@code complete} line for each command and each option. */
final class FishCompletion {
  /** Sets {@code at} to the commands before the cursor; a value of an option is none. */
  private static final String START =
      """
      # Completes {name} in fish. Made by '{name} completion fish'.
      function __openmemory_backup_at
          set -l commands {commands}
          set -l words (commandline -opc)
          set -l at
          for word in $words[2..-1]
              set -l next (string trim -- "$at $word")
              contains -- $next $commands; and set at $next
          end
          test "$at" = "$argv[1]"
      end
      complete -c {name} -f
      """;

  private static final String NO_CANDIDATES = " -f";

  private final CommandSpec root;
  private final StringBuilder script = new StringBuilder();

  FishCompletion(CommandSpec root) {
    this.root = root;
  }

  String script() {
    String commands = Words.quoted(Words.commands(root).filter(c -> c != root).map(Words::path));
    script.append(START.replace("{name}", root.name()).replace("{commands}", commands));
    Words.commands(root).forEach(this::command);
    return script.toString();
  }

  private void command(CommandSpec command) {
    for (CommandLine below : command.subcommands().values()) {
      CommandSpec spec = below.getCommandSpec();
      line(command, "-a " + Words.quoted(spec.name()), Words.description(spec));
    }
    for (OptionSpec option : command.options()) {
      String names =
          Words.names(option).stream()
              .map(
                  name ->
                      name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.charAt(1))
              .collect(Collectors.joining(" "));
      line(command, names + value(option), Words.description(option));
    }
    command.positionalParameters().stream()
        .map(FishCompletion::candidates)
        .filter(candidates -> !candidates.equals(NO_CANDIDATES))
        .findFirst()
        .ifPresent(candidates -> line(command, candidates.strip(), ""));
  }

  private static String value(OptionSpec option) {
    if (!Words.needsValue(option)) {
      return "";
    }
    return " -r" + candidates(option);
  }

  private static String candidates(ArgSpec argument) {
    if (!Words.choices(argument).isEmpty()) {
      return " -f -a " + Words.quoted(String.join(" ", Words.choices(argument)));
    }
    return switch (Words.value(argument)) {
      case NONE -> NO_CANDIDATES;
      case FILE -> " -F";
      case DIRECTORY -> " -f -a '(__fish_complete_directories)'";
    };
  }

  private void line(CommandSpec command, String what, String description) {
    script
        .append("complete -c ")
        .append(root.name())
        .append(" -n \"__openmemory_backup_at '")
        .append(Words.path(command))
        .append("'\" ")
        .append(what);
    if (!description.isEmpty()) {
      script.append(" -d ").append(fishQuoted(description));
    }
    script.append('\n');
  }

  private static String fishQuoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
