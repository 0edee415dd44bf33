package dev.openmemory.backup.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Failures of the work that is tested. */
public final class Failures {
  private Failures() {}

  /** The failure of work that has to fail, with no other exception than this. */
  public static BackupException failureOf(ThrowingCallable work) {
    BackupException failure = catchThrowableOfType(BackupException.class, work);
    assertThat(failure).as("failure").isNotNull();
    return Objects.requireNonNull(failure);
  }
}
