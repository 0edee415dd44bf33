package dev.openmemory.backup.testconditions;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * For tests of something that a machine may lack: root, mounts, Docker. Such a test is skipped and
 * named at the end of the run by {@link TestReport}; where the system property {@code
 * openmemory.requireServices} is {@code true} it fails instead. The default tier needs a JDK and
 * Maven only, so there a test that asks for anything fails, also where it is present.
 */
public final class Requires {
  static final String MISSING = "missing: ";

  private Requires() {}

  /**
   * Continues when the thing is present.
   *
   * @param what is needed, as a noun: {@code mount rights}
   */
  public static void that(boolean present, String what) {
    if (Tier.current() == Tier.DEFAULT) {
      Assertions.fail(
          "a test that needs "
              + what
              + " belongs to the tier 'services': give it @Tag(\"services\")");
    }
    if (present) {
      return;
    }
    if (Boolean.getBoolean("openmemory.requireServices")) {
      Assertions.fail(MISSING + what);
    }
    Assumptions.abort(MISSING + what);
  }
}
