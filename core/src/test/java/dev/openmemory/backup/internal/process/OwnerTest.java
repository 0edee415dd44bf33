package dev.openmemory.backup.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnerTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final Host HERE = Host.here();

  /** Beyond what a process may have on any system. */
  private static final long NO_PROCESS = 1L << 40;

  @Test
  void thisProcessIsAtWorkAndStaysSoOnPaper() throws IOException {
    Owner self = Owner.ofThisProcess(CLOCK);
    Owner read = Owner.fromJson(JsonObject.parse(Json.write(self.toJson()), "a record"));
    assertThat(read).isEqualTo(self);
    assertThat(self.isKnown()).isTrue();
    assertThat(self.hasEnded()).isFalse();
    assertThat(self.isGone(CLOCK)).isFalse();
  }

  @Test
  void thisProcessIsAtWorkAlsoByItsNameInAFile() {
    String text = Owner.ofThisProcess(CLOCK).toText();
    assertThat(text).hasSizeLessThanOrEqualTo(62);
    Owner self = Owner.fromText(text).orElseThrow();
    assertThat(self.isKnown()).isTrue();
    assertThat(self.hasEnded()).isFalse();
    assertThat(self.since()).isEqualTo(NOW);
    assertThat(self.toString()).doesNotContain(HERE.name());
  }

  @Test
  void theTextOfAnOwnerShowsWhetherItsProcessHasEndedOrIsOfAnotherHost() {
    Owner ended = Owner.fromText(owner(HERE, NOW).toText()).orElseThrow();
    assertThat(ended.isGone(CLOCK)).isTrue();
    Host elsewhere = new Host("elsewhere", "machine", "boot/pid:[1]");
    Owner foreign = Owner.fromText(owner(elsewhere, NOW).toText()).orElseThrow();
    assertThat(foreign.isKnown()).isFalse();
    assertThat(Owner.fromText("somebody")).isEmpty();
  }

  @Test
  void ofThisHostThereIsNoDoubt() {
    assertThat(owner(HERE, NOW).isGone(CLOCK)).isTrue();
    assertThat(Owner.ofThisProcess(CLOCK).retired().isGone(CLOCK)).isTrue();
  }

  @Test
  void anotherHostIsGivenTime() {
    Host elsewhere = new Host("elsewhere", "", "");
    assertThat(owner(elsewhere, NOW.minus(Duration.ofDays(6))).isGone(CLOCK)).isFalse();
    assertThat(owner(elsewhere, NOW.minus(Duration.ofDays(8))).isGone(CLOCK)).isTrue();
  }

  @Test
  void anotherHostOrContainerOfTheSameNameIsNotThisOne() {
    Host twin = new Host(HERE.name(), "another-machine", "another-boot/pid:[1]");
    assertThat(owner(twin, NOW).isGone(CLOCK)).isFalse();
    Host container = new Host(HERE.name(), HERE.machine(), HERE.boot() + "-of-a-container");
    assertThat(container.wasRestarted()).isFalse();
    assertThat(owner(container, NOW).isGone(CLOCK)).isFalse();
  }

  @Test
  void aRenamedHostIsTheSameAsLongAsItRuns() {
    Host renamed = new Host("another-name", HERE.machine(), HERE.boot());
    Owner self = Owner.ofThisProcess(CLOCK);
    assumeThat(HERE.boot()).isNotEmpty();
    assertThat(owner(renamed, NOW).isGone(CLOCK)).isTrue();
    assertThat(inHost(self, renamed, self.processStart(), self.startTicks()).isGone(CLOCK))
        .isFalse();
    assertThat(renamed.sharesLocks()).isTrue();
    assertThat(new Host("container", "", HERE.boot() + "-other").sharesLocks()).isTrue();
    assertThat(new Host("elsewhere", HERE.machine(), "boot/pid:[1]").sharesLocks()).isFalse();
    assertThat(new Host("elsewhere", "", "").sharesLocks()).isFalse();
  }

  @Test
  void aChangeOfTheClockMovesNoStartOfAProcess() {
    Owner self = Owner.ofThisProcess(CLOCK);
    assumeThat(self.startTicks()).isNotEmpty();
    String moved = Instant.parse(self.processStart()).plus(Duration.ofHours(1)).toString();
    Owner alive = inHost(self, HERE, moved, self.startTicks());
    assertThat(alive.isGone(CLOCK)).isFalse();
    assertThat(alive.isThisProcess()).isTrue();
    assertThat(Owner.fromText(alive.toText()).orElseThrow().isGone(CLOCK)).isFalse();
    Owner another = inHost(self, HERE, self.processStart(), "1");
    assertThat(another.isGone(CLOCK)).isTrue();
    assertThat(Owner.fromText(another.toText()).orElseThrow().isGone(CLOCK)).isTrue();
  }

  @Test
  void theStartIsFoundBehindANameOfAnyCharacters() {
    String numbers = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20";
    assertThat(StartTicks.parse("12 (a) b (c))" + numbers)).isEqualTo("4711");
    assertThat(StartTicks.parse("12 (java) S 1 2")).isEmpty();
    assertThat(StartTicks.of(NO_PROCESS)).isEmpty();
  }

  private static Owner inHost(Owner self, Host host, String start, String ticks) {
    return new Owner(host, self.pid(), start, ticks, self.since(), false);
  }

  @Test
  void whatRanBeforeThisHostWasStartedAgainHasEnded() {
    Host before = new Host(HERE.name(), "this-machine", "an-earlier-boot/pid:[1]");
    Host after = new Host(HERE.name(), "this-machine", "boot/pid:[1]");
    assertThat(before.wasRestarted(after)).isTrue();
    assertThat(after.wasRestarted(after)).isFalse();
    assertThat(new Host(HERE.name(), "", "an-earlier-boot").wasRestarted(after)).isFalse();
    assertThat(new Host("other", "this-machine", "earlier").wasRestarted(after)).isFalse();
  }

  @Test
  void recordsOfEarlierVersionsNameTheHostOnly() throws IOException {
    byte[] old =
        Json.write(
            Map.of(
                "host",
                HERE.name(),
                "pid",
                NO_PROCESS,
                "processStart",
                "",
                "since",
                NOW.toString()));
    Owner owner = Owner.fromJson(JsonObject.parse(old, "a record"));
    assertThat(owner.isKnown()).isTrue();
    assertThat(owner.isGone(CLOCK)).isTrue();
  }

  private static Owner owner(Host host, Instant since) {
    return new Owner(host, NO_PROCESS, "", since);
  }
}
