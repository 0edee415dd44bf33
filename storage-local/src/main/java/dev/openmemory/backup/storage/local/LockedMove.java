package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A move to a name that must be new, for file systems without hard links (FAT, some network
 * shares), where no single call does it: the look and the move happen under a lock of the whole
 * target. The lock's file is hidden and stays, because removing it could give two holders.
 */
final class LockedMove {
  private static final Logger LOG = LoggerFactory.getLogger(LockedMove.class);
  private static final String LOCK_FILE = ".openmemory-backup.lock";

  /** File locks are held by the whole JVM, so its threads need one of their own. */
  private static final ReentrantLock THIS_JVM = new ReentrantLock();

  /** Targets of which the lack of locks has been told. */
  private static final Set<Path> WITHOUT_LOCKS = ConcurrentHashMap.newKeySet();

  private LockedMove() {}

  /** A step that may fail. */
  @FunctionalInterface
  interface Move {
    void run() throws IOException;
  }

  static void moveNew(Path root, Path to, Move move) throws IOException {
    lockThisJvm();
    // Truncating, for "rclone mount" opens no existing file for writing otherwise.
    try (FileChannel channel =
        FileChannel.open(
            root.resolve(LOCK_FILE),
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING),
            Directories.mode("rw-------"))) {
      lock(root, channel);
      if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(to.toString());
      }
      move.run();
    } finally {
      THIS_JVM.unlock();
    }
  }

  /** Closing the channel releases it. */
  private static void lock(Path root, FileChannel channel) throws IOException {
    try {
      channel.lock();
    } catch (ClosedByInterruptException | FileLockInterruptionException e) {
      throw e;
    } catch (IOException e) {
      // Without locks the look before the move is all there is.
      if (WITHOUT_LOCKS.add(root)) {
        LOG.warn(
            "the file system of {} has neither hard links nor locks ({}):"
                + " of two writers of one name at the same moment both may believe that they were"
                + " first",
            root,
            FileFailure.reason(e));
      }
    }
  }

  private static void lockThisJvm() throws InterruptedIOException {
    try {
      THIS_JVM.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another writer");
    }
  }
}
