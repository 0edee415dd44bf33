package dev.openmemory.backup.cli.demo;

import dev.openmemory.backup.Cancellation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The private folder that a demonstration lives in. Closing it removes it; when the process is
 * asked to end meanwhile, the demonstration is cancelled and the end waits for that.
 */
final class DemoFolder implements Closeable {
  private static final long SECONDS_TO_CLEAN_UP = 20;

  private final Path path;
  private final Cancellation cancellation = new Cancellation();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;
  private boolean kept;

  private DemoFolder(Path path) {
    this.path = path;
    Thread worker = Thread.currentThread();
    hook = new Thread(() -> cancelAndWait(worker), "demo-clean-up");
  }

  /** Creates the folder; the calling thread is the one that works in it. */
  static DemoFolder create(Path parent) throws IOException {
    // Real, because on some systems the temporary directory is a symbolic link.
    DemoFolder folder =
        new DemoFolder(Files.createTempDirectory(parent, "openmemory-backup-demo-").toRealPath());
    Runtime.getRuntime().addShutdownHook(folder.hook);
    return folder;
  }

  Path path() {
    return path;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** Leaves the folder when this is closed. */
  void keep() {
    kept = true;
  }

  @Override
  public void close() throws IOException {
    try {
      if (!kept) {
        delete(path);
      }
    } finally {
      closed.countDown();
      removeHook();
    }
  }

  private void cancelAndWait(Thread worker) {
    cancellation.cancel();
    worker.interrupt();
    try {
      closed.await(SECONDS_TO_CLEAN_UP, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook is what waits for this.
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> walk = Files.walk(folder)) {
      deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path entry : deepestFirst) {
      Files.delete(entry);
    }
  }
}
