package dev.openmemory.backup.testconditions;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Run by {@link RequiresTest}; by its name the build does not take it for a test. */
final class NeedySample {
  @Test
  void needsNothing() {
    Requires.that(true, "nothing");
  }

  @Test
  void needsAMoonBase() {
    Requires.that(false, "a moon base");
  }

  @Test
  void isSkippedForAnotherReason() {
    Assumptions.abort("not today");
  }
}
