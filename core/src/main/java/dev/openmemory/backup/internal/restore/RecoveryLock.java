package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.run.WorkFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps two runs from putting one installation in order at once; the system ends it with us. */
record RecoveryLock(Path file, FileChannel channel) implements Closeable {
  private static final String OPERATION = "recover";

  /**
   * Has it, or fails at once.
   *
   * @throws BackupException of kind {@code LOCKED} while another run has it
   */
  static RecoveryLock take(Path home) throws IOException {
    Path file = WorkFolder.of(home).resolve("recovery.lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      // The run that had it removes the file.
      if (lock == null || !Files.exists(file)) {
        channel.close();
        throw Kind.LOCKED.failure(
            OPERATION, home.toString(), "another run is putting the installation in order");
      }
      return new RecoveryLock(file, channel);
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
      Disk.deleteIfEmpty(file.resolveSibling(""));
    }
  }
}
