package dev.openmemory.backup.cli.command.key;

import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.KeyOutcome;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "generate",
    description = {
      "Make a new private key and show its public key.",
      "The file has the form of age-keygen, and the program age can use it."
    })
final class KeyGenerateCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the private key to this new file, which only you can read.")
  @Nullable Path file;

  KeyGenerateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    EncryptionScheme scheme = EncryptionSchemes.named(KeyCommand.SCHEME);
    Secret key = scheme.newKeyFile(session.host().clock().instant());
    String recipient =
        scheme.recipients(new KeyFile("new key", key), PassphraseQuestion.NONE).get(0);
    session.terminal().result(session.renderer().key(kept(key, recipient)));
    return ExitCodes.OK;
  }

  private KeyOutcome kept(Secret key, String recipient) throws IOException {
    if (file != null) {
      KeyFiles.write(file, key);
      return KeyOutcome.written(recipient, file.toString());
    }
    KeyOutcome printed = KeyOutcome.printed(recipient, key.text());
    printed.explanation().forEach(session.terminal()::note);
    return printed;
  }
}
