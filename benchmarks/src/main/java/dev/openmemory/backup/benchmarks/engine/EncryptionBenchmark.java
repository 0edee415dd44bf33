package dev.openmemory.backup.benchmarks.engine;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.benchmarks.process.Folder;
import dev.openmemory.backup.benchmarks.report.Output;
import dev.openmemory.backup.benchmarks.report.Stopwatch;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import dev.openmemory.backup.spi.encryption.Encryptor;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;

/** A backup to a local folder with encryption and without, in turns. */
public final class EncryptionBenchmark {
  private static final int ROUNDS = 3;

  private EncryptionBenchmark() {}

  public static void run(boolean quick) throws Exception {
    int size = quick ? 64 << 20 : 256 << 20;
    Output.line("Encryption, %d MiB of vectors and %d MiB of payload", size >> 20, size >> 20);
    try (Folder folder = Folder.create()) {
      Path collection =
          Files.createDirectories(folder.path().resolve("storage/collections/openmemory"));
      Files.writeString(collection.resolve("config.json"), "{}");
      Files.write(collection.resolve("vectors"), Samples.vectors(size));
      Files.write(collection.resolve("payload"), Samples.json(size));
      double plain = Double.MAX_VALUE;
      double encrypted = Double.MAX_VALUE;
      Encryptor encryptor = encryptor();
      for (int i = 0; i < ROUNDS; i++) {
        String name = "round-" + i;
        plain =
            Math.min(
                plain, Stopwatch.seconds(() -> backUp(folder.path(), name, backups -> backups)));
        encrypted =
            Math.min(
                encrypted,
                Stopwatch.seconds(
                    () ->
                        backUp(
                            folder.path(),
                            name + "-encrypted",
                            backups -> backups.withEncryption(encryptor))));
      }
      Output.line(
          "  plain %.2f s, encrypted %.2f s: %.2f times as long (at most 1.25)",
          plain, encrypted, encrypted / plain);
    }
  }

  private interface Change {
    Backups of(Backups backups);
  }

  private static void backUp(Path home, String name, Change change) throws IOException {
    try (BackupTarget target = BackupTargets.open(home.resolve("backups"))) {
      change
          .of(Backups.in(target))
          .create(
              Installation.at(home).withStorage(home.resolve("storage")),
              BackupRequest.named(name)
                  .withOnly(Set.of(Component.VECTORS))
                  .withQuiesce(Quiesce.NONE));
    }
  }

  private static Encryptor encryptor() throws BackupException {
    EncryptionScheme age = EncryptionSchemes.named("age");
    KeyFile key = new KeyFile("a new key", age.newKeyFile(Instant.EPOCH));
    return age.encryptor(age.recipients(key, PassphraseQuestion.NONE));
  }
}
