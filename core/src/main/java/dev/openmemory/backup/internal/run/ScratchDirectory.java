package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.KeptOpen;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.process.ChildRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A private directory for temporary files. A lock on a file in it shows that its process runs;
 * directories of processes that have ended are removed when the next one is created.
 */
public final class ScratchDirectory implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ScratchDirectory.class);
  private static final String PREFIX = "openmemory-backup-scratch-";
  private static final String LOCK_FILE = "in-use.lock";

  /**
   * Of this process, not to be opened: closing any descriptor of a file gives up the process's
   * POSIX locks on it.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lockFile;

  private ScratchDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /** Whether a location of a failure is a temporary file of a run. */
  public static boolean contains(String location) {
    return location.contains(PREFIX);
  }

  /**
   * One at a time in this process: a sweep must not find a directory that is not in the set yet.
   */
  static synchronized ScratchDirectory create(Path parent) throws BackupException {
    try {
      removeAbandoned(parent);
      Optional<ScratchDirectory> created = Optional.empty();
      while (created.isEmpty()) {
        created = lock(Files.createTempDirectory(parent, PREFIX).toRealPath());
      }
      return created.get();
    } catch (IOException e) {
      throw FileFailure.of("create temporary directory", parent, e);
    }
  }

  /** Empty when the sweep of another process came between the creation and the lock. */
  private static Optional<ScratchDirectory> lock(Path path) throws IOException {
    OURS.add(path);
    Path lockPath = path.resolve(LOCK_FILE);
    try {
      FileChannel lockFile =
          FileChannel.open(lockPath, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      lockFile.lock();
      if (Files.exists(lockPath)) {
        return Optional.of(new ScratchDirectory(path, lockFile));
      }
      lockFile.close();
      OURS.remove(path);
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      Undo.after(e, () -> Disk.deleteTree(path));
      OURS.remove(path);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /** What was done stays so when the files cannot be removed; the next run tries again. */
  @Override
  public void close() {
    try {
      try (lockFile) {
        empty(path);
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("Temporary files remain in {}: {}", path, FileFailure.fact(e));
    } finally {
      OURS.remove(path);
    }
  }

  /** With the lock held: a process that waits for the lock sees that its file is missing. */
  private static void empty(Path directory) throws IOException {
    Path lockPath = directory.resolve(LOCK_FILE);
    for (Path entry : Disk.entries(directory)) {
      if (!entry.equals(lockPath)) {
        Disk.deleteTree(entry);
      }
    }
    Files.deleteIfExists(lockPath);
  }

  private static void removeAbandoned(Path parent) throws IOException {
    try (DirectoryStream<Path> candidates =
        Files.newDirectoryStream(parent.toRealPath(), PREFIX + "*")) {
      for (Path candidate : candidates) {
        if (!OURS.contains(candidate)) {
          removeIfAbandoned(candidate);
        }
      }
    }
  }

  private static void removeIfAbandoned(Path candidate) {
    try {
      FileChannel channel =
          FileChannel.open(candidate.resolve(LOCK_FILE), StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() != null) {
          LOG.info("Removing temporary files of a killed run: {}", candidate);
          ChildRecord.endLeftOver(candidate);
          empty(candidate);
        }
      } catch (OverlappingFileLockException e) {
        OURS.add(candidate);
        KeptOpen.add(channel);
      } finally {
        KeptOpen.closeOthers(channel);
      }
      Files.deleteIfExists(candidate);
    } catch (IOException e) {
      LOG.debug("{} is of another process, or being made or removed right now", candidate, e);
    }
  }
}
