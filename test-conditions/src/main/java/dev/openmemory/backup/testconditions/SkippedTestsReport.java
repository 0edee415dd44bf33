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
 * Names at the end of a run, one line each on standard error, the tests that {@link Requires}
 * skipped, so that nobody takes them for passed. Found by the JUnit launcher through its service
 * file.
 */
public final class SkippedTestsReport implements TestExecutionListener {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final PrintStream out;

  /** For the service loader. */
  public SkippedTestsReport() {
    // Not System.err: the build tool redirects that to the report of some test.
    this(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
  }

  SkippedTestsReport(PrintStream out) {
    this.out = out;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      String reason = result.getThrowable().map(Throwable::getMessage).orElse("");
      if (reason.startsWith(Requires.MISSING)) {
        String name = test.getSource().map(SkippedTestsReport::name).orElse(test.getDisplayName());
        lines.add("SKIPPED (" + reason + "): " + name);
      }
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
      return simpleName(method.getClassName()) + "." + method.getMethodName();
    }
    return source instanceof ClassSource type
        ? simpleName(type.getClassName())
        : Objects.toString(source);
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
