package dev.openmemory.backup.cli.completion;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** A shell that completes commands, options and files. */
public enum Shell {
  BASH,
  ZSH,
  FISH;

  /** Returns the script; its lines end with {@code \n}. */
  public String script(CommandLine root) {
    CommandSpec spec = root.getCommandSpec();
    return switch (this) {
      case BASH ->
          AutoComplete.bash(root.getCommandName(), root).replace(System.lineSeparator(), "\n");
      case ZSH -> new ZshCompletion(spec).script();
      case FISH -> new FishCompletion(spec).script();
    };
  }
}
