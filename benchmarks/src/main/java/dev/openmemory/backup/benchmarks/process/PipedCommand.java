package dev.openmemory.backup.benchmarks.process;

import dev.openmemory.backup.benchmarks.report.Output;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program with standard streams that are fed and drained here.
 *
 * @param environment all that it gets, except where programs are: settings of the user would change
 *     what is measured
 */
public record PipedCommand(List<String> command, Map<String, String> environment) {
  private static final int MINUTES = 60;

  /** Runs it without either stream. */
  public void run() throws IOException, InterruptedException {
    Process process = start(builder().redirectOutput(Redirect.DISCARD));
    process.getOutputStream().close();
    requireSuccess(process);
  }

  /**
   * Writes that many {@link RandomBytes} to it.
   *
   * @return their CRC32
   */
  public long feed(long size) throws IOException, InterruptedException {
    Process process = start(builder().redirectOutput(Redirect.DISCARD));
    long crc;
    try (OutputStream in = process.getOutputStream()) {
      crc = RandomBytes.writeTo(in, size);
    } catch (IOException e) {
      requireSuccess(process);
      throw e;
    }
    requireSuccess(process);
    return crc;
  }

  /** The CRC32 of what it writes. */
  public long drain() throws IOException, InterruptedException {
    Process process = start(builder());
    process.getOutputStream().close();
    long crc;
    try (InputStream out = process.getInputStream()) {
      crc = Pump.copy(out, OutputStream.nullOutputStream());
    }
    requireSuccess(process);
    return crc;
  }

  public void show() throws IOException, InterruptedException {
    Process process = start(builder());
    process.getOutputStream().close();
    try (var lines = process.inputReader().lines()) {
      lines.forEach(line -> Output.line("  %s", line));
    }
    requireSuccess(process);
  }

  private ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    builder.environment().clear();
    builder.environment().put("PATH", Programs.searched());
    builder.environment().putAll(environment);
    return builder;
  }

  private static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    // A stream of a program that hangs has no deadline of its own.
    CompletableFuture.delayedExecutor(MINUTES, TimeUnit.MINUTES).execute(process::destroyForcibly);
    return process;
  }

  private void requireSuccess(Process process) throws IOException, InterruptedException {
    try {
      if (process.waitFor() != 0) {
        throw new IOException("failed: " + String.join(" ", shortened()));
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** Without class paths. */
  private List<String> shortened() {
    List<String> words = new ArrayList<>(command);
    words.replaceAll(word -> word.length() > 200 ? "..." : word);
    return words;
  }
}
