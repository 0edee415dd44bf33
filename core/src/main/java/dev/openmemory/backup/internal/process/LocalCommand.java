package dev.openmemory.backup.internal.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that runs beside us, with what it writes to its standard error. It gets an environment
 * without our own settings, which may hold secrets. Closing it, from any thread, kills it and what
 * it has started.
 */
public final class LocalCommand implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCommand.class);
  private static final String OUR_SETTINGS = "OPENMEMORY_BACKUP_";
  private static final long LAST_SECONDS = 2;
  private static final int MOST_SHOWN = 500;

  private final Process process;
  private final FileChannel errors;

  private LocalCommand(Process process, FileChannel errors) {
    this.process = process;
    this.errors = errors;
  }

  /**
   * Starts it.
   *
   * @throws IOException when the program cannot be started
   */
  public static LocalCommand start(List<String> command, Map<String, String> environment)
      throws IOException {
    // No pipe: one that is not read blocks the program, and a child may hold it for ever.
    Path file = Files.createTempFile("openmemory-backup-", ".stderr");
    try {
      FileChannel errors = FileChannel.open(file, StandardOpenOption.READ);
      try {
        return new LocalCommand(builder(command, environment, file).start(), errors);
      } catch (IOException | RuntimeException e) {
        errors.close();
        throw e;
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static ProcessBuilder builder(
      List<String> command, Map<String, String> environment, Path errors) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().clear();
    environment.entrySet().stream()
        .filter(variable -> !variable.getKey().startsWith(OUR_SETTINGS))
        .forEach(variable -> builder.environment().put(variable.getKey(), variable.getValue()));
    return builder;
  }

  /** What it writes. */
  public InputStream output() {
    return process.getInputStream();
  }

  /** What it reads. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** How it ended and the end of what it said, printable, in one line; for messages. */
  public String end() {
    String how =
        ProcessTree.hasEndedWithin(LAST_SECONDS, process)
            ? "ended with exit code " + process.exitValue()
            : "is still running";
    String said = errors();
    return said.isEmpty() ? how : how + " and said: " + said;
  }

  /** Whether it has ended, or does so in a moment, with exit code 0. */
  public boolean hasSucceeded() {
    return ProcessTree.hasEndedWithin(LAST_SECONDS, process) && process.exitValue() == 0;
  }

  private String errors() {
    ByteBuffer bytes = ByteBuffer.allocate(MOST_SHOWN);
    try {
      errors.read(bytes, Math.max(0, errors.size() - MOST_SHOWN));
    } catch (IOException e) {
      LOG.debug("what a command said cannot be read", e);
    }
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    return text.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
  }

  /** Ends it and its descendants, if it is still running. */
  public void kill() {
    if (process.isAlive()) {
      ProcessTree.kill(process.toHandle());
    }
  }

  @Override
  public void close() throws IOException {
    kill();
    errors.close();
  }
}
