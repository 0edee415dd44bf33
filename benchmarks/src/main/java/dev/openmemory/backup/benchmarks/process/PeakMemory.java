package dev.openmemory.backup.benchmarks.process;

import dev.openmemory.backup.benchmarks.report.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The most physical memory that a process has had. */
public final class PeakMemory {
  private PeakMemory() {}

  /**
   * Prints it for this process after a step, and how long the step took.
   *
   * @param start of the step, as {@code System.nanoTime} gave it
   * @return that of the next one
   */
  public static long report(String step, long start) throws IOException {
    long now = System.nanoTime();
    String peak = ofThisProcess();
    Output.line("%-8s %s in %.1f s", step, peak, (now - start) / 1e9);
    return now;
  }

  /** As the kernel of Linux says it. */
  public static String ofThisProcess() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .findFirst()
        .orElse("VmHWM: unknown")
        .replaceAll("\\s+", " ");
  }
}
