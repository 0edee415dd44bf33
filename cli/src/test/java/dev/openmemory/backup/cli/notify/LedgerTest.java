package dev.openmemory.backup.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final Instant START = Instant.parse("2026-01-01T02:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Set<Occasion> NOTHING = EnumSet.noneOf(Occasion.class);

  private Ledger ledger = Ledger.begin(START);
  private boolean delivers = true;

  /** A run that ends then; what is due is sent. */
  private Set<Occasion> run(Instant at, boolean succeeds) throws IOException {
    ledger = ledger.ended(end(at, succeeds));
    Set<Occasion> due = ledger.dueAfterRun(at);
    for (Occasion occasion : due) {
      ledger = delivers ? ledger.settled(occasion, at) : ledger;
    }
    ledger = Ledger.fromJson(JsonObject.parse(Json.write(ledger.toJson()), "test"));
    return due;
  }

  private static RunEnd end(Instant at, boolean succeeds) {
    return succeeds
        ? RunEnd.succeeded(at, ExitCodes.WARNINGS, new NewBackup("b" + at, at, 42))
        : RunEnd.failed(at, ExitCodes.FAILED, Optional.empty());
  }

  private static Instant after(long hours) {
    return START.plus(Duration.ofHours(hours));
  }

  @Test
  void theFirstFailureIsSentAtOnceTheNextOnesOnceADayAndTheEndOfThemOnce() throws IOException {
    assertThat(run(after(0), true)).isEmpty();
    assertThat(run(after(1), false)).containsExactly(Occasion.FAILURE);
    for (int hour = 2; hour < 24; hour++) {
      assertThat(run(after(hour), false)).as("hour %d", hour).isEmpty();
    }
    assertThat(run(after(24), false)).containsExactly(Occasion.FAILURE);
    assertThat(ledger.failures()).isEqualTo(24);
    assertThat(ledger.failingSince()).contains(after(1));
    assertThat(run(after(25), true)).containsExactly(Occasion.RECOVERY);
    assertThat(run(after(26), true)).isEmpty();
    assertThat(run(after(27), false)).containsExactly(Occasion.FAILURE);
    assertThat(ledger.failingSince()).contains(after(27));
    assertThat(ledger.newest()).map(NewBackup::at).contains(after(26));
  }

  @Test
  void ofADailyRunThatFailsEachDayIsSentAlsoIfItEndsSomewhatEarlier() throws IOException {
    Random random = new Random(Long.getLong("openmemory.seed", 42));
    for (int day = 0; day < 365; day++) {
      Instant at = START.plus(DAY.multipliedBy(day)).plusSeconds(random.nextInt(1200));
      assertThat(run(at, false)).as("day %d", day).contains(Occasion.FAILURE);
    }
  }

  @Test
  void whatWasNotDeliveredIsDueAgain() throws IOException {
    delivers = false;
    assertThat(run(after(1), false)).containsExactly(Occasion.FAILURE);
    assertThat(run(after(2), false)).containsExactly(Occasion.FAILURE);
    assertThat(run(after(3), true)).containsExactly(Occasion.RECOVERY);
    delivers = true;
    assertThat(run(after(4), true)).containsExactly(Occasion.RECOVERY);
    assertThat(run(after(5), true)).isEmpty();
  }

  @Test
  void aClockThatIsPutBackSilencesNothing() throws IOException {
    assertThat(run(after(5000), false)).contains(Occasion.FAILURE);
    assertThat(run(after(1), false)).contains(Occasion.FAILURE);
  }

  /** A year of runs that begin with a jitter and fail now and then. */
  @Test
  void aYearHasFiftyTwoSummariesAndOneRecoveryForEachRowOfFailures() throws IOException {
    Random random = new Random(Long.getLong("openmemory.seed", 42));
    List<Instant> summaries = new ArrayList<>();
    long summed = 0;
    boolean failing = false;
    for (int hour = 1; hour <= 365 * 24; hour++) {
      Instant at = after(hour).plusSeconds(random.nextInt(600));
      boolean succeeds = random.nextInt(10) > (failing ? 5 : 0);
      long before = ledger.runs() + 1;
      Set<Occasion> due = run(at, succeeds);
      if (due.contains(Occasion.WEEKLY)) {
        summaries.add(at);
        summed += before;
      }
      assertThat(due.contains(Occasion.RECOVERY)).isEqualTo(failing && succeeds);
      assertThat(due.contains(Occasion.FAILURE) && succeeds).isFalse();
      assertThat(due.contains(Occasion.FAILURE) || succeeds || failing).isTrue();
      failing = !succeeds;
    }
    assertThat(summaries).hasSize(52);
    assertThat(summed + ledger.runs()).as("no run counts twice").isEqualTo(365 * 24);
    for (int i = 1; i < summaries.size(); i++) {
      assertThat(Duration.between(summaries.get(i - 1), summaries.get(i)))
          .isBetween(DAY.multipliedBy(7).minusHours(1), DAY.multipliedBy(7).plusHours(1));
    }
  }

  @Test
  void aRunOfEachWeekHasASummaryEachTime() throws IOException {
    Random random = new Random(Long.getLong("openmemory.seed", 42));
    for (int week = 1; week <= 52; week++) {
      Instant at = START.plus(DAY.multipliedBy(7L * week)).plusSeconds(random.nextInt(7200));
      assertThat(run(at, true)).as("week %d", week).containsExactly(Occasion.WEEKLY);
    }
  }

  @Test
  void afterAMonthWithoutARunThereIsOneSummary() throws IOException {
    assertThat(run(after(24 * 31), true)).containsExactly(Occasion.WEEKLY);
    assertThat(run(after(24 * 32), true)).isEqualTo(NOTHING);
  }
}
