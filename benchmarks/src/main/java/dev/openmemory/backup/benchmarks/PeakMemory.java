package dev.openmemory.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The most physical memory that a process has had. */
final class PeakMemory {
  private PeakMemory() {}

  /** As the kernel of Linux says it. */
  static String ofThisProcess() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .findFirst()
        .orElse("VmHWM: unknown")
        .replaceAll("\\s+", " ");
  }
}
