package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.spi.RunContext;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
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

  /** Runs what comes first on standard input, which {@code -} would read to its end. */
  private static final String LOADER =
      "import sys; exec(compile(sys.stdin.buffer.read(int(sys.argv.pop(1))), '"
          + SCRIPT
          + "', 'exec'))";

  /** Java adds this to the number of the signal that ended a process. */
  private static final int SIGNALLED = 128;

  /** So that a fast process does not fill the heap. */
  private static final int LINES_AHEAD = 64;

  private static final long POLL_MILLIS = 50;

  private final Path python;
  private final RunContext context;
  private final Duration patience;
  private final ChildProcess child;
  private final OutputTail errors;
  private final Thread reader;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>(LINES_AHEAD);

  private EngineProcess(Path python, RunContext context, Duration patience, ChildProcess child) {
    this.python = python;
    this.context = context;
    this.patience = patience;
    this.child = child;
    this.errors = OutputTail.of(child.process().getErrorStream(), "errors of the storage engine");
    this.reader = new Thread(this::read, "storage engine " + child.process().pid());
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
    byte[] script = script();
    List<String> command =
        new ArrayList<>(List.of(python.toString(), "-c", LOADER, String.valueOf(script.length)));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    ChildProcess.reduceEnvironment(builder);
    builder.environment().put("TMPDIR", folder.toString());
    ChildProcess child;
    try {
      child = ChildProcess.start(builder, context);
    } catch (IOException e) {
      throw notStarted(python, folder, e);
    }
    EngineProcess started = new EngineProcess(python, context, patience, child);
    started.send(script);
    return started;
  }

  private static byte[] script() throws IOException {
    try (InputStream script =
        Objects.requireNonNull(EngineProcess.class.getResourceAsStream(SCRIPT), SCRIPT)) {
      return script.readAllBytes();
    }
  }

  /** A failure of a file is one of the record of the process; any other is one of the program. */
  private static BackupException notStarted(Path python, Path folder, IOException failure) {
    if (failure instanceof FileSystemException) {
      BackupException ofFile = FileFailure.of(OPERATION, folder, failure);
      return new NoVerdict(ofFile.kind(), ofFile.location(), ofFile.fact());
    }
    if (!Files.exists(python)) {
      return new NoVerdict(Kind.NOT_FOUND, python.toString(), "there is no such program");
    }
    if (!Files.isRegularFile(python) || !Files.isExecutable(python)) {
      return new NoVerdict(
          Kind.INVALID, python.toString(), "is not a program that this user may run");
    }
    Throwable reason = Objects.requireNonNullElse(failure.getCause(), failure);
    return new NoVerdict(Kind.FAILED, python.toString(), "cannot be run: " + reason.getMessage());
  }

  /**
   * The stream stays open afterwards: its end shows the script that this process has ended. A
   * Python that ends before it has read all of the script gives the reason in its output.
   */
  private void send(byte[] script) {
    OutputStream out = child.process().getOutputStream();
    try {
      out.write(script);
      out.flush();
    } catch (IOException e) {
      return;
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
   * Waits for the next answer.
   *
   * @throws NoVerdict of kind {@code FAILED} when it ends without one, with the last that it said,
   *     or when it makes no sense; {@code TIMEOUT} when it stays silent
   */
  EngineAnswer next() throws IOException {
    long start = System.nanoTime();
    while (true) {
      context.cancellation().check();
      Optional<String> line = poll();
      if (line.isPresent()) {
        return EngineAnswer.parse(line.get(), python.toString());
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

  private NoVerdict ended() {
    child.hasEndedWithin(1);
    errors.awaitEnd();
    Process process = child.process();
    int code = process.isAlive() ? -1 : process.exitValue();
    String fact =
        code > SIGNALLED
            ? "the engine was ended by signal " + (code - SIGNALLED)
            : "the engine ended with exit code " + code;
    return failure(Kind.FAILED, Readiness.withLastWords(fact, errors.text()));
  }

  private NoVerdict failure(Kind kind, String fact) {
    return new NoVerdict(kind, python.toString(), fact);
  }

  @Override
  public void close() throws IOException {
    boolean gone = child.end();
    errors.close();
    reader.interrupt();
    if (!gone) {
      throw failure(Kind.FAILED, "process " + child.process().pid() + " does not end");
    }
  }
}
