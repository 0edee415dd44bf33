package dev.openmemory.backup.internal.drill;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes all that a process says, so that it never waits for a reader, and keeps the last of it. A
 * file could grow without bound.
 */
final class OutputTail {
  private static final int KEPT_BYTES = 16 * 1024;
  private static final int LINES = 12;
  private static final long END_SECONDS = 2;

  private final InputStream output;
  private final CountDownLatch end = new CountDownLatch(1);
  private final byte[] kept = new byte[KEPT_BYTES];
  private long size;

  private OutputTail(InputStream output) {
    this.output = output;
  }

  /** Reads until the process closes it, in a daemon thread. */
  static OutputTail of(InputStream output, String threadName) {
    OutputTail tail = new OutputTail(output);
    Thread reader = new Thread(tail::read, threadName);
    reader.setDaemon(true);
    reader.start();
    return tail;
  }

  private void read() {
    byte[] buffer = new byte[4096];
    try {
      for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
        keep(buffer, n);
      }
    } catch (IOException e) {
      // Closed: what came before is kept.
      return;
    } finally {
      end.countDown();
    }
  }

  private synchronized void keep(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      kept[(int) (size++ % KEPT_BYTES)] = bytes[i];
    }
  }

  /** The last lines so far, without control characters. */
  synchronized String text() {
    int length = (int) Math.min(size, KEPT_BYTES);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = kept[(int) ((size - length + i) % KEPT_BYTES)];
    }
    List<String> lines =
        new String(bytes, StandardCharsets.UTF_8)
            .replaceAll("\u001b\\[[0-9;]*m", "")
            .lines()
            .map(line -> line.replaceAll("\\p{Cntrl}", " ").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
  }

  /** For a process that has ended: waits a moment for the last of its output. */
  void awaitEnd() {
    try {
      if (!end.await(END_SECONDS, TimeUnit.SECONDS)) {
        close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A child of the process may keep its output open. It is not read to its end then. */
  void close() {
    try {
      output.close();
    } catch (IOException e) {
      // Nothing is left to be read.
      return;
    }
  }
}
