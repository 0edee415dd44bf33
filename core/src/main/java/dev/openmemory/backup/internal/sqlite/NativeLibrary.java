package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite itself, which the driver unpacks into a directory and runs from there. */
final class NativeLibrary {
  private static final String OPERATION = "load SQLite";

  /** More than the library of any platform has. */
  private static final int BYTES = 2 * 1024 * 1024;

  private NativeLibrary() {}

  /** Ahead of the driver, which reports a failure only once and then as a linkage error. */
  static void load() throws BackupException {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      String directory =
          System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir", ""));
      throw failure(Path.of(directory), e);
    }
  }

  /** The driver does not tell what went wrong, so that the same is tried once more. */
  static BackupException failure(Path directory, Exception cause) {
    try {
      Path file = Files.createTempFile(directory, "openmemory-backup-", ".probe");
      try {
        Files.write(file, new byte[BYTES]);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      BackupException unpacked = FileFailure.of(OPERATION, directory, e);
      return new BackupException(
          unpacked.kind(),
          OPERATION,
          directory.toString(),
          "the native library cannot be unpacked: " + unpacked.fact(),
          cause);
    }
    return new BackupException(
        Kind.FAILED,
        OPERATION,
        directory.toString(),
        "the native library cannot be run from there, as on a file system that is mounted noexec",
        cause);
  }
}
