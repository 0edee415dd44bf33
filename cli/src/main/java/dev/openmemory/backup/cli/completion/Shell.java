package dev.openmemory.backup.cli.completion;

import java.util.function.Function;
import picocli.AutoComplete;
import picocli.CommandLine;

/** A shell that completes commands, options and files. */
public enum Shell {
  BASH(root -> AutoComplete.bash(root.getCommandName(), root)),
  ZSH(root -> new ZshCompletion(root.getCommandSpec()).script()),
  FISH(root -> new FishCompletion(root.getCommandSpec()).script());

  private final Function<CommandLine, String> writer;

  Shell(Function<CommandLine, String> writer) {
    this.writer = writer;
  }

  /** Returns the script; its lines end with {@code \n}. */
  public String script(CommandLine root) {
    return writer.apply(root).replace(System.lineSeparator(), "\n");
  }
}
