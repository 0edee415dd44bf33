package dev.openmemory.backup.cli.daemon;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Objects;

/**
 * Shows that the daemon of a state file is at work. It is a lock of the operating system, which is
 * free as soon as its process has ended.
 */
final class DaemonLock implements Closeable {
  private static final String SUFFIX = ".lock";
  private static final String OPERATION = "schedule";
  private static final Duration RETRY = Duration.ofMillis(100);

  /** A look of {@link #isHeld} takes the lock for a moment. */
  private static final int ATTEMPTS = 20;

  private final FileChannel channel;

  private DaemonLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes it; makes the folder of the state file.
   *
   * @throws BackupException of kind {@code LOCKED} when another daemon has it
   */
  static DaemonLock take(StateFile state, Waiter waiter) throws BackupException {
    Path file = state.beside(SUFFIX);
    FileChannel channel;
    try {
      Path folder = Objects.requireNonNull(file.getParent());
      if (!Files.isDirectory(folder)) {
        Disk.createPrivateDirectory(folder);
      }
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (isTaken(channel)) {
        return new DaemonLock(channel);
      }
      pause(waiter);
    }
    throw Kind.LOCKED.failure(
        OPERATION, state.file().toString(), "another 'schedule run' works with this state file");
  }

  private static void pause(Waiter waiter) throws BackupException {
    try {
      waiter.await(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure(OPERATION, "", "stopped on request", e);
    }
  }

  /** A file system without locks keeps nobody away, and stops no schedule either. */
  private static boolean isTaken(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether a daemon is at work; true as well where the file system has no locks. */
  static boolean isHeld(StateFile state) throws BackupException {
    Path file = state.beside(SUFFIX);
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return isHeld(channel);
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, file, e);
    }
  }

  private static boolean isHeld(FileChannel channel) {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, true) == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      return true;
    }
  }

  /** Gives it back. The file stays: another daemon may just be taking its lock. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
