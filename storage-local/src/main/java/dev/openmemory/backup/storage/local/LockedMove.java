package dev.openmemory.backup.storage.local;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A move to a name that must be new, for file systems without hard links (FAT, some network
 * shares), where no single call does it: the look and the move happen under a lock of the whole
 * target. The lock's file is hidden and stays, because removing it could give two holders.
 */
final class LockedMove {
  private static final String LOCK_FILE = ".openmemory-backup.lock";

  /** File locks are held by the whole JVM, so its threads need one of their own. */
  private static final ReentrantLock THIS_JVM = new ReentrantLock();

  private LockedMove() {}

  static void moveNew(Path root, Path from, Path to) throws IOException {
    lockThisJvm();
    try (FileChannel channel =
        FileChannel.open(
            root.resolve(LOCK_FILE),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            Directories.mode("rw-------"))) {
      // Released by closing the channel.
      channel.lock();
      if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileAlreadyExistsException(to.toString());
      }
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      THIS_JVM.unlock();
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
