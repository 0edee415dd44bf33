package dev.openmemory.backup.testconditions;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints at the end of a run, one line each on standard error: the tests that {@link Requires}
 * skipped, so that they are not taken for passed, and for each test that failed the command that
 * runs it again with the same seed. Found by the JUnit launcher through its service file.
 */
public final class TestReport implements TestExecutionListener {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final PrintStream out;

  /** For the service loader. */
  public TestReport() {
    // Not System.err: the build tool redirects that to the report of some test.
    this(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
  }

  TestReport(PrintStream out) {
    this.out = out;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String name = test.getSource().map(TestReport::name).orElse(test.getDisplayName());
    if (result.getStatus() == TestExecutionResult.Status.FAILED) {
      lines.add("REPLAY: " + Tier.current().replay(name, Seeds.seed()));
      return;
    }
    String reason = result.getThrowable().map(Throwable::getMessage).orElse("");
    if (result.getStatus() == TestExecutionResult.Status.ABORTED
        && reason.startsWith(Requires.MISSING)) {
      lines.add("SKIPPED (" + reason + "): " + name);
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    for (String line = lines.poll(); line != null; line = lines.poll()) {
      out.println(line);
    }
  }

  private static String name(TestSource source) {
    if (source instanceof MethodSource method) {
      return simpleName(method.getClassName()) + "#" + method.getMethodName();
    }
    return source instanceof ClassSource type
        ? simpleName(type.getClassName())
        : Objects.toString(source);
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
