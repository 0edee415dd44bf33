package dev.openmemory.backup.cli.settings.encryption;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** To which keys a new backup is encrypted. */
public final class EncryptionOptions {
  static final String SCHEME = "age";

  @Option(
      names = "--encrypt-to",
      paramLabel = "KEY",
      description = {
        "Encrypt the backup to this public key of 'key generate' or age-keygen. Repeatable.",
        "Only a matching private key opens it."
      })
  List<String> recipients = new ArrayList<>();

  @Option(
      names = "--recipients-file",
      paramLabel = "FILE",
      description = "Encrypt to the public keys in this file, one a line.")
  @Nullable Path file;

  /**
   * The same backups; new ones are encrypted if keys or a passphrase are given.
   *
   * @param passphrase where to get it, if one is wanted
   * @throws BackupException when a key, the file or the passphrase cannot be used, or both kinds
   *     are given
   */
  public Backups encrypting(Backups backups, Optional<PassphraseQuestion> passphrase)
      throws BackupException {
    List<String> all = new ArrayList<>();
    for (String keys : recipients) {
      all.addAll(split(keys));
    }
    if (file != null) {
      all.addAll(read(file));
    }
    if (passphrase.isPresent()) {
      return encrypting(backups, passphrase.get(), all);
    }
    return all.isEmpty()
        ? backups
        : backups.withEncryption(EncryptionSchemes.named(SCHEME).encryptor(all));
  }

  private static Backups encrypting(
      Backups backups, PassphraseQuestion passphrase, List<String> keys) throws BackupException {
    if (!keys.isEmpty()) {
      throw Kind.INVALID.failure(
          "encrypt",
          "--with-passphrase",
          "public keys are given too (--encrypt-to, --recipients-file, or their settings); the"
              + " format of age allows either keys or one passphrase");
    }
    return backups.withEncryption(
        EncryptionSchemes.named(SCHEME).encryptor(passphrase.ask("the new backup")));
  }

  /** An empty setting must not turn encryption off. */
  private static List<String> split(String keys) throws BackupException {
    List<String> found = Arrays.stream(keys.split(",", -1)).map(String::strip).toList();
    if (found.contains("")) {
      throw empty(
          "--encrypt-to or OPENMEMORY_BACKUP_ENCRYPT_TO",
          "it has an empty place where a public key belongs");
    }
    return found;
  }

  private static BackupException empty(String setting, String fact) {
    return Kind.INVALID.failure("read public keys", setting, fact);
  }

  /** One by one, because among several the scheme cannot say where the wrong one is. */
  private static String usable(String key, String place) throws BackupException {
    try {
      EncryptionSchemes.named(SCHEME).encryptor(List.of(key));
      return key;
    } catch (BackupException e) {
      throw e.kind().failure("read public keys", place, e.fact(), e);
    }
  }

  private static List<String> read(Path file) throws BackupException {
    if (file.toString().isEmpty()) {
      throw empty(
          "--recipients-file or OPENMEMORY_BACKUP_RECIPIENTS_FILE", "it is empty; name a file");
    }
    List<String> lines = KeyFiles.read(file).content().text().lines().map(String::strip).toList();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isEmpty() && !lines.get(i).startsWith("#")) {
        keys.add(usable(lines.get(i), file + ", line " + (i + 1)));
      }
    }
    // An empty file must not turn encryption off.
    return Optional.of(keys)
        .filter(found -> !found.isEmpty())
        .orElseThrow(
            () ->
                Kind.INVALID.failure("read public keys", file.toString(), "it has no public key"));
  }
}
