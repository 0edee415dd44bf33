package dev.openmemory.backup.sample;

import dev.openmemory.backup.testkit.qdrant.QdrantDoubleMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that plays Qdrant's: a shell script that writes down its process id and environment,
 * does something, and becomes the double.
 */
public record TrialProgram(Path file) {
  private static final long DEADLINE_SECONDS = 30;

  /** Serves what is in its storage. */
  public static TrialProgram serving(Path folder) throws IOException {
    return doing(folder, "", serving());
  }

  /** Never serves, and does not end when asked to. */
  public static TrialProgram deaf(Path folder) throws IOException {
    return doing(folder, "trap '' TERM; echo 'loading for ever'", "while :; do sleep 0.1; done");
  }

  private static String serving() {
    return "exec '"
        + Path.of(System.getProperty("java.home"), "bin", "java")
        + "' -XX:TieredStopAtLevel=1 -cp '"
        + System.getProperty("java.class.path")
        + "' "
        + QdrantDoubleMain.class.getName();
  }

  private static TrialProgram doing(Path folder, String first, String then) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("qdrant");
    String script =
        String.join(
            "\n",
            "#!/bin/sh",
            "env >'" + folder + "/environment'",
            "echo $$ >'" + folder + "/pid.part'",
            "mv '" + folder + "/pid.part' '" + folder + "/pid'",
            first,
            then,
            "");
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return new TrialProgram(file);
  }

  /** What it was started with. */
  public String environment() throws IOException {
    return Files.readString(file.resolveSibling("environment"));
  }

  /** Waits until it was started. */
  public ProcessHandle awaitStart() throws IOException, InterruptedException {
    Path pid = file.resolveSibling("pid");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!Files.exists(pid)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the program was not started");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return process().orElseThrow(() -> new AssertionError("the program has ended"));
  }

  /** Whether it was started and has ended. */
  public boolean isGone() throws IOException {
    return process().isEmpty();
  }

  /** For tests that fail. */
  public void end() throws IOException {
    if (Files.exists(file.resolveSibling("pid"))) {
      process().ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private Optional<ProcessHandle> process() throws IOException {
    String pid = Files.readString(file.resolveSibling("pid")).strip();
    return ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive);
  }
}
