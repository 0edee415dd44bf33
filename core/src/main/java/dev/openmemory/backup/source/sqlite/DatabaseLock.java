package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other processes from using a database file while it is replaced, by holding the bytes that
 * SQLite itself locks (https://sqlite.org/src/doc/trunk/src/os.h, PENDING_BYTE).
 *
 * <p>Opening the file with SQLite instead would change it: a hot journal would be rolled back and a
 * log folded in, so that a rollback of the restore could not give the same bytes again. It would
 * also miss idle connections in WAL mode and fail on a damaged file, which must be replaceable.
 */
record DatabaseLock(@Nullable FileChannel channel) implements Closeable {
  private static final long PENDING_BYTE = 0x40000000;
  private static final long LOCK_BYTES = 512;
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final long POLL_MILLIS = 20;

  /**
   * Takes the lock; a file that does not exist needs none.
   *
   * @throws BackupException of kind {@code LOCKED} when another process has the database in use
   */
  static DatabaseLock of(Path file, Cancellation cancellation) throws IOException {
    return of(file, cancellation, PATIENCE);
  }

  static DatabaseLock of(Path file, Cancellation cancellation, Duration patience)
      throws IOException {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return new DatabaseLock(null);
      }
      return Undo.closingOnFailure(
          open(file),
          channel -> {
            await(channel, file, cancellation, patience);
            return new DatabaseLock(channel);
          });
    } catch (IOException e) {
      throw FileFailure.of("lock database", file, e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (AccessDeniedException e) {
      throw Kind.DENIED.failure("lock database", file.toString(), "the file is not writable", e);
    }
  }

  private static void await(
      FileChannel channel, Path file, Cancellation cancellation, Duration patience)
      throws IOException {
    long start = System.nanoTime();
    while (!tryLock(channel)) {
      cancellation.check();
      if (System.nanoTime() - start > patience.toNanos()) {
        throw Kind.LOCKED.failure(
            "lock database", file.toString(), "another process has it in use");
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(PENDING_BYTE, LOCK_BYTES, false) != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
