package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.spi.RunContext;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One run of the script that asks Qdrant's storage engine, in a Python of this host. */
final class EngineProcess implements Closeable {
  /** The operation of all failures. */
  static final String OPERATION = "open with the storage engine";

  private static final String SCRIPT = "engine.py";

  /** So that a fast process does not fill the heap. */
  private static final int LINES_AHEAD = 64;

  private static final long POLL_MILLIS = 50;

  private final Path python;
  private final RunContext context;
  private final Duration patience;
  private final ChildProcess child;
  private final OutputTail errors;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>(LINES_AHEAD);

  private EngineProcess(Path python, RunContext context, Duration patience, ChildProcess child) {
    this.python = python;
    this.context = context;
    this.patience = patience;
    this.child = child;
    this.errors = OutputTail.of(child.process().getErrorStream(), "errors of the storage engine");
    Thread reader = new Thread(this::read, "storage engine " + child.process().pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts it.
   *
   * @param folder private, where it works
   * @param patience how long it may be silent
   */
  static EngineProcess start(
      Path python, List<String> arguments, Path folder, RunContext context, Duration patience)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(python.toString(), "-"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    ChildProcess.reduceEnvironment(builder);
    builder.environment().put("TMPDIR", folder.toString());
    ChildProcess child;
    try {
      child = ChildProcess.start(builder, context);
    } catch (IOException e) {
      throw new BackupException(
          Kind.NOT_FOUND, OPERATION, python.toString(), "cannot be run: " + e.getMessage(), e);
    }
    EngineProcess started = new EngineProcess(python, context, patience, child);
    try {
      started.sendScript();
      return started;
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /** One that ends before it has read all of it tells why by its output. */
  private void sendScript() throws IOException {
    try (InputStream script =
        Objects.requireNonNull(EngineProcess.class.getResourceAsStream(SCRIPT), SCRIPT)) {
      byte[] text = script.readAllBytes();
      try (OutputStream out = child.process().getOutputStream()) {
        out.write(text);
      } catch (IOException e) {
        return;
      }
    }
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(child.process().getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.put(Optional.of(line));
      }
      lines.put(Optional.empty());
    } catch (IOException | InterruptedException e) {
      // The stream ends with the process, and the thread that waits for a line checks the process.
      return;
    }
  }

  /**
   * Waits for the next document.
   *
   * @throws BackupException of kind {@code CORRUPT} when it ends without one, with the last that it
   *     said; {@code TIMEOUT} when it stays silent; {@code FAILED} when something else has ended it
   */
  JsonObject next() throws IOException {
    long start = System.nanoTime();
    while (true) {
      context.cancellation().check();
      Optional<String> line = poll();
      if (line.isPresent()) {
        return JsonObject.parse(
            line.get().getBytes(StandardCharsets.UTF_8), "answer of " + python.getFileName());
      }
      if (System.nanoTime() - start > patience.toNanos()) {
        throw failure(Kind.TIMEOUT, "the engine was silent for " + patience.toSeconds() + " s");
      }
    }
  }

  private Optional<String> poll() throws BackupException {
    try {
      Optional<String> line = lines.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
      if (line == null) {
        return Optional.empty();
      }
      if (line.isEmpty()) {
        throw ended();
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.cancellation().check();
      return Optional.empty();
    }
  }

  private BackupException ended() {
    child.hasEndedWithin(1);
    errors.awaitEnd();
    Process process = child.process();
    int code = process.isAlive() ? -1 : process.exitValue();
    // 128 + SIGKILL or SIGTERM: the system ended it, for want of memory for example.
    boolean killed = code == 137 || code == 143;
    String fact = "the engine ended with exit code " + code;
    return failure(killed ? Kind.FAILED : Kind.CORRUPT, Readiness.told(fact, errors.text()));
  }

  private BackupException failure(Kind kind, String fact) {
    return new BackupException(kind, OPERATION, python.toString(), fact);
  }

  @Override
  public void close() throws IOException {
    boolean gone = child.end();
    errors.close();
    lines.clear();
    if (!gone) {
      throw failure(Kind.FAILED, "process " + child.process().pid() + " does not end");
    }
  }
}
