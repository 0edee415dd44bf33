package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite itself, which the driver unpacks into a directory and runs from there. */
public final class NativeLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String DIRECTORY = "org.sqlite.tmpdir";
  private static final String OPERATION = "load SQLite";

  /** More than the library of any platform has. */
  private static final int BYTES = 2 * 1024 * 1024;

  private static boolean loaded;

  private NativeLibrary() {}

  /** What the driver does. */
  interface Loader {
    /** Unpacks the library into the directory of the property, and loads it. */
    void run() throws Exception;
  }

  /**
   * Ahead of the driver, which reports a failure only once and then as a linkage error.
   * Thread-safe.
   *
   * @throws BackupException of kind {@code NO_SPACE}, {@code DENIED} or {@code FAILED} with the
   *     directory that does not take it
   */
  public static synchronized void load() throws BackupException {
    if (!loaded) {
      String directory = System.getProperty(DIRECTORY, System.getProperty("java.io.tmpdir", ""));
      loadIn(Path.of(directory), SQLiteJDBCLoader::initialize);
      loaded = true;
    }
  }

  /**
   * Through a folder of its own, which goes at once: the driver removes the file when the process
   * ends, and not when it is killed.
   */
  static synchronized void loadIn(Path directory, Loader loader) throws BackupException {
    String before = System.getProperty(DIRECTORY);
    // The driver starts programs to learn what system this is, and loses an interrupt then.
    boolean interrupted = Thread.interrupted();
    try {
      Path folder = Files.createTempDirectory(directory, "openmemory-backup-sqlite-");
      try {
        System.setProperty(DIRECTORY, folder.toString());
        loader.run();
      } finally {
        remove(folder);
      }
    } catch (Exception e) {
      throw failure(directory, e);
    } finally {
      if (before == null) {
        System.clearProperty(DIRECTORY);
      } else {
        System.setProperty(DIRECTORY, before);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Where a loaded file cannot be removed, the driver does it at the end. */
  private static void remove(Path folder) {
    try {
      Disk.deleteTree(folder);
    } catch (IOException e) {
      LOG.debug("{} stays until the end of the process", folder, e);
    }
  }

  /** The driver does not say what went wrong, so that the same is tried once more. */
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
