package dev.openmemory.backup.cli.command.key;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.encryption.Secret;
import io.nayuki.qrcodegen.DataTooLongException;
import io.nayuki.qrcodegen.QrCode;
import java.util.ArrayList;
import java.util.List;

/**
 * A page for paper: private keys as QR codes and in letters.
 *
 * @param keys each with its code
 */
record KeyPage(List<String> recipients, List<PrivateKey> keys) {
  private static final String OPERATION = "make key page";

  /** A private key, or a file that a passphrase protects, in letters. */
  record PrivateKey(String text, QrCode code) {
    @Override
    public String toString() {
      return "(private key)";
    }
  }

  /**
   * The page of a file with private keys.
   *
   * @param recipients their public keys
   * @param name of the file, for messages
   * @throws BackupException of kind {@code UNSUPPORTED} when the file is no text, or too long
   */
  static KeyPage of(Secret file, List<String> recipients, String name) throws BackupException {
    String text = file.text().strip();
    if (!text.matches("[ -~\\s]*")) {
      throw Kind.UNSUPPORTED.failure(
          OPERATION,
          name,
          "it is no text; one that a passphrase protects has to be made with 'age -p -a'");
    }
    List<String> texts =
        text.startsWith("-----BEGIN")
            ? List.of(text)
            : text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    List<PrivateKey> keys = new ArrayList<>();
    for (String each : texts) {
      keys.add(new PrivateKey(each, code(each, name)));
    }
    return new KeyPage(recipients, keys);
  }

  private static QrCode code(String key, String name) throws BackupException {
    try {
      return QrCode.encodeText(key, QrCode.Ecc.MEDIUM);
    } catch (DataTooLongException e) {
      throw Kind.UNSUPPORTED.failure(
          OPERATION, name, "a key with " + key.length() + " characters fits into no QR code");
    }
  }

  /** What is above the codes. */
  List<String> heading() {
    List<String> lines = new ArrayList<>();
    lines.add("PRIVATE KEY of openmemory-backup");
    lines.add("");
    lines.add("It opens all backups that are encrypted to this public key:");
    recipients.forEach(key -> lines.add("  " + key));
    lines.add("");
    lines.add("To use it, write what the code contains, which is also in letters below it,");
    lines.add("to a file, and name the file with --identity. The program age reads it too.");
    return lines;
  }
}
