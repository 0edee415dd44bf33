package dev.openmemory.backup.cli.terminal;

import dev.openmemory.backup.spi.encryption.Secret;
import java.io.Console;
import java.io.IOError;
import java.io.IOException;
import java.util.Optional;

/** Reads a line that is not shown while a person types it. */
@FunctionalInterface
public interface HiddenInput {
  /**
   * Shows the prompt and waits for the line.
   *
   * @return nothing when the input has ended
   * @throws IOException when there is no terminal, or it is gone
   */
  Optional<Secret> read(String prompt) throws IOException;

  /** Reads from the console of this process. */
  @SuppressWarnings("SystemConsoleNull") // It is null in Java 17 where the output is no terminal.
  static Optional<Secret> fromConsole(String prompt) throws IOException {
    Console console = System.console();
    if (console == null) {
      throw new IOException("there is no console");
    }
    try {
      return Optional.ofNullable(console.readPassword("%s", prompt))
          .map(typed -> Secret.of(new String(typed)));
    } catch (IOError e) {
      throw new IOException("the console is gone", e);
    }
  }
}
