package dev.openmemory.backup.sample;

import dev.openmemory.backup.testconditions.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Java process of this build's classes that ends with its owner. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  public static ChildJvm start(Class<?> main, List<String> jvmOptions, Object... arguments)
      throws IOException {
    return new ChildJvm(
        new ProcessBuilder(JavaCommand.of(main, jvmOptions, arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** The next line that the child prints; null at the end of its output. */
  public String readLine() throws IOException {
    return output.readLine();
  }

  public BufferedReader output() {
    return output;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public int waitForExit() throws InterruptedException {
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      throw new AssertionError("the child did not end");
    }
    return process.exitValue();
  }

  /** SIGKILL: no hook, no finally. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    waitForExit();
  }

  /** SIGTERM: hooks run. */
  public void terminate() throws InterruptedException {
    process.destroy();
    waitForExit();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
