package dev.openmemory.backup.encryption;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.NewFile;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes files with keys and passphrases. */
public final class KeyFiles {
  private static final int MOST_BYTES = 1 << 20;

  private KeyFiles() {}

  /**
   * Reads a file with keys.
   *
   * @throws BackupException of kind {@code NOT_FOUND} or {@code DENIED} when it cannot be read,
   *     {@code INVALID} when it has more than 1 MiB
   */
  public static KeyFile read(Path file) throws BackupException {
    return new KeyFile(file.toString(), content("read key file", file));
  }

  /**
   * Reads a passphrase: the first line of the file, without its end.
   *
   * @throws BackupException as for {@link #read}, and of kind {@code INVALID} when it is empty
   */
  public static Secret readPassphrase(Path file) throws BackupException {
    String operation = "read passphrase file";
    String line = content(operation, file).text().lines().findFirst().orElse("");
    if (line.isEmpty()) {
      throw Kind.INVALID.failure(operation, file.toString(), "its first line is empty");
    }
    return Secret.of(line);
  }

  /**
   * Writes a new file that only its owner may read (mode 0600). It appears whole or not at all.
   *
   * @throws BackupException of kind {@code ALREADY_EXISTS} when there is something of that name
   */
  public static void write(Path file, Secret content) throws BackupException {
    Boundary.step(
        "write key file",
        file.toString(),
        () -> {
          try (NewFile made = NewFile.begin("write key file", file)) {
            made.stream().write(content.bytes());
            made.publish();
          }
        });
  }

  private static Secret content(String operation, Path file) throws BackupException {
    return Boundary.call(operation, file.toString(), () -> bounded(operation, file));
  }

  private static Secret bounded(String operation, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw Kind.INVALID.failure(
            operation, file.toString(), "larger than 1 MiB, so it is no such file");
      }
      return Secret.of(bytes);
    }
  }
}
