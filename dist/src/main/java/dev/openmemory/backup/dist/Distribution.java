package dev.openmemory.backup.dist;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.command.RootCommand;
import dev.openmemory.backup.cli.completion.Shell;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.terminal.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Completes a folder that holds the launchers and the jars. */
public final class Distribution {
  private static final Map<Shell, String> COMPLETIONS =
      Map.of(
          Shell.BASH, "share/bash-completion/completions/openmemory-backup",
          Shell.ZSH, "share/zsh/site-functions/_openmemory-backup",
          Shell.FISH, "share/fish/vendor_completions.d/openmemory-backup.fish");

  private final Path folder;

  private Distribution(Path folder) {
    this.folder = folder;
  }

  /**
   * Adds what is made of the commands and of the jars.
   *
   * @param arguments the folder; the list of the jars with their licences; the folder of licences
   *     that jars do not bring; the document with the exit codes; version and date for man pages
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Distribution distribution = new Distribution(folder);
    CommandLine root = RootCommand.commandLine(new Session(Host.ofThisProcess(new Cancellation())));
    distribution.addCompletions(root);
    distribution.addManPages(
        root.getCommandSpec(),
        new ManPage(
            arguments[4],
            arguments[5].substring(0, "2026-01-01".length()),
            ManPage.exitCodes(Files.readAllLines(Path.of(arguments[3])))));
    new Licences(folder.resolve("lib"), Path.of(arguments[2]), folder.resolve("LICENSE"))
        .copyTo(folder.resolve("licences"), Files.readAllLines(Path.of(arguments[1])));
    Checksums.write(folder);
  }

  private void addCompletions(CommandLine root) throws IOException {
    for (Map.Entry<Shell, String> completion : COMPLETIONS.entrySet()) {
      write(completion.getValue(), completion.getKey().script(root));
    }
  }

  private void addManPages(CommandSpec root, ManPage page) throws IOException {
    for (CommandSpec command : ManPage.commands(root)) {
      write("share/man/man1/" + ManPage.name(command) + ".1", page.text(command));
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text, UTF_8);
  }
}
