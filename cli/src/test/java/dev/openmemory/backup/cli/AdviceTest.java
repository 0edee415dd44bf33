package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AdviceTest {
  @Test
  void everyKindHasAHint() {
    for (Kind kind : Kind.values()) {
      for (String operation : new String[] {"", "restore", "backup", "find backup"}) {
        assertThat(Advice.on(kind, operation)).as("%s %s", kind, operation).hasSizeGreaterThan(20);
      }
    }
  }

  @Test
  void everyHintIsPrintedWithItsFailure() {
    for (Kind kind : Kind.values()) {
      Failure failure = Failure.of(new BackupException(kind, "restore", "s3://x", "it failed"));
      String text = new TextRenderer(Clock.systemUTC()).failure(failure);
      assertThat(text).contains("restore s3://x: it failed").contains(Advice.on(kind, "restore"));
    }
  }

  @Test
  void everyKindHasItsExitCode() {
    Map<Kind, Integer> codes = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      codes.put(kind, ExitCodes.of(kind));
    }
    assertThat(codes)
        .containsEntry(Kind.INVALID, 2)
        .containsEntry(Kind.NOT_FOUND, 4)
        .containsEntry(Kind.CORRUPT, 5)
        .containsEntry(Kind.INCONSISTENT, 5)
        .containsEntry(Kind.LOCKED, 6)
        .containsEntry(Kind.DENIED, 7)
        .containsEntry(Kind.ROLLED_BACK, 8)
        .containsEntry(Kind.NOT_ROLLED_BACK, 9)
        .containsEntry(Kind.CANCELLED, 130);
    codes.values().removeIf(code -> code != 1);
    assertThat(codes)
        .containsOnlyKeys(
            Kind.ALREADY_EXISTS,
            Kind.NO_SPACE,
            Kind.UNAVAILABLE,
            Kind.TIMEOUT,
            Kind.UNSUPPORTED,
            Kind.FAILED);
  }
}
