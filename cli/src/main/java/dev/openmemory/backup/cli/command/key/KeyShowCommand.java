package dev.openmemory.backup.cli.command.key;

import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.KeyOutcome;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.encryption.KeyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {
      "Show the public keys of a file with private keys.",
      "The file may be of age-keygen, and protected by a passphrase."
    })
final class KeyShowCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "FILE", description = "The file with the private keys.")
  Path file = Path.of("");

  KeyShowCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    List<String> recipients =
        EncryptionSchemes.named(KeyCommand.SCHEME)
            .recipients(KeyFiles.read(file), session.passphrases());
    KeyOutcome outcome = KeyOutcome.shown(recipients, file.toString());
    session.terminal().result(session.renderer().key(outcome));
    return ExitCodes.OK;
  }
}
