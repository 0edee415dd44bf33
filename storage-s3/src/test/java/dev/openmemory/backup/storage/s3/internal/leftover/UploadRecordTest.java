package dev.openmemory.backup.storage.s3.internal.leftover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.internal.process.Host;
import dev.openmemory.backup.internal.process.Owner;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Which uploads other runs may abort. */
class UploadRecordTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Owner SELF = Owner.ofThisProcess(Clock.systemUTC());

  private static boolean isStale(Owner owner, Duration silent) {
    return new UploadRecord("key", null, owner).isStale(NOW.minus(silent), NOW);
  }

  /** It may be suspended, or the clock of the store was set. */
  @Test
  void anUploadOfAProcessOfThisHostLivesAsLongAsTheProcess() {
    assertThat(isStale(SELF, Duration.ofHours(2))).isFalse();
    assertThat(isStale(SELF.retired(), Duration.ZERO)).isTrue();
    assertThat(isStale(new Owner(Host.here(), 1L << 40, "", NOW), Duration.ZERO)).isTrue();
  }

  @Test
  void anUploadOfAnotherHostIsDeadWhenItIsSilentByTheClockOfTheStore() {
    Owner elsewhere = new Owner(new Host("elsewhere", "m", "b/pid:[1]"), 7, "", Instant.EPOCH);
    assertThat(isStale(elsewhere, Duration.ofMinutes(59))).isFalse();
    assertThat(isStale(elsewhere, Duration.ofMinutes(61))).isTrue();
  }
}
