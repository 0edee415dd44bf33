package dev.openmemory.backup.cli.completion;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A call of {@code _arguments} for each command. */
final class ZshCompletion {
  /** Sets {@code at} to the commands before the cursor; a value of an option is none. */
  private static final String START =
      """
      #compdef {name}
      # Completes {name} in zsh. Made by '{name} completion zsh'.
      _{name}() {
        local -a commands=({commands})
        local at= word next
        for word in ${words[2,CURRENT-1]}; do
          next=${at:+$at }$word
          (( ${commands[(Ie)$next]} )) && at=$next
        done
        case $at in
      """;

  /** Read by {@code source}, it registers itself; found on {@code fpath}, it is called. */
  private static final String END =
      """
        esac
      }
      if [[ ${funcstack[1]} = _{name} ]]; then
        _{name} "$@"
      else
        compdef _{name} {name}
      fi
      """;

  private final CommandSpec root;

  ZshCompletion(CommandSpec root) {
    this.root = root;
  }

  String script() {
    String commands = Words.quoted(Words.commands(root).filter(c -> c != root).map(Words::path));
    return START.replace("{name}", root.name()).replace("{commands}", commands)
        + Words.commands(root).map(ZshCompletion::branch).collect(Collectors.joining())
        + END.replace("{name}", root.name());
  }

  private static String branch(CommandSpec command) {
    Stream<String> specs =
        Stream.concat(
            command.options().stream().flatMap(ZshCompletion::option),
            Stream.of("*:" + positional(command)));
    return specs
        .map(Words::quoted)
        .collect(
            Collectors.joining(
                " \\\n        ",
                "    "
                    + Words.quoted(Words.path(command))
                    + ")\n      _arguments -s -S \\\n        ",
                "\n      ;;\n"));
  }

  private static Stream<String> option(OptionSpec option) {
    List<String> names = Words.names(option);
    String before = option.isMultiValue() ? "*" : "(" + String.join(" ", names) + ")";
    String after =
        "["
            + escaped(Words.description(option)).replace("[", "\\[").replace("]", "\\]")
            + "]"
            + (Words.needsValue(option) ? ":" + value(option) : "");
    String sign = Words.needsValue(option) ? "=" : "";
    return names.stream().map(name -> before + name + (name.startsWith("--") ? sign : "") + after);
  }

  private static String positional(CommandSpec command) {
    if (!command.subcommands().isEmpty()) {
      return command.subcommands().values().stream()
          .map(CommandLine::getCommandSpec)
          .map(spec -> spec.name() + "\\:" + Words.quoted(escaped(Words.description(spec))))
          .collect(Collectors.joining(" ", "command:((", "))"));
    }
    return command.positionalParameters().stream()
        .filter(p -> Words.value(p) != Words.Value.NONE || !Words.choices(p).isEmpty())
        .findFirst()
        .map(ZshCompletion::value)
        .orElse(" :()");
  }

  /** The label of a value, and how to complete it. */
  private static String value(ArgSpec argument) {
    String label = escaped(argument.paramLabel());
    if (!Words.choices(argument).isEmpty()) {
      return label + ":(" + String.join(" ", Words.choices(argument)) + ")";
    }
    return label
        + switch (Words.value(argument)) {
          case NONE -> ": ";
          case FILE -> ":_files";
          case DIRECTORY -> ":_files -/";
        };
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace(":", "\\:");
  }
}
