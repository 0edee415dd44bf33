package dev.openmemory.backup.cli.command.key;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.KeyOutcome;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.spi.encryption.KeyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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

  @Option(
      names = "--qr",
      paramLabel = "PAGE",
      description = {
        "Also write the private keys to this new page for paper, PAGE.svg or PAGE.txt, as QR codes",
        "and in letters. Only you can read it."
      })
  @Nullable Path page;

  KeyShowCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    KeyPaper paper = page == null ? null : paper(page);
    KeyFile key = KeyFiles.read(file);
    List<String> recipients =
        EncryptionSchemes.named(KeyCommand.SCHEME).recipients(key, session.passphrases());
    if (page != null && paper != null) {
      KeyFiles.write(page, paper.of(KeyPage.of(key.content(), recipients, file.toString())));
      session
          .terminal()
          .note(
              "The private key is in " + page + ". Print it, delete it, and keep the paper safe.");
    }
    KeyOutcome outcome = KeyOutcome.shown(recipients, file.toString());
    session.terminal().result(session.renderer().key(outcome));
    return ExitCodes.OK;
  }

  private static KeyPaper paper(Path page) throws BackupException {
    String name = page.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".svg")) {
      return KeyPaper.SVG;
    }
    if (name.endsWith(".txt")) {
      return KeyPaper.TEXT;
    }
    throw Kind.INVALID.failure(
        "key show", page.toString(), "the page has to end with .svg or with .txt");
  }
}
