package dev.openmemory.backup.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

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
    Owner self = Owner.fromText(Owner.ofThisProcess(CLOCK).toText()).orElseThrow();
    assertThat(self.isKnown()).isTrue();
    assertThat(self.hasEnded()).isFalse();
    assertThat(self.since()).isEqualTo(NOW);
    assertThat(self.toString()).doesNotContain(HERE.name());
  }

  @Test
  void aDeadProcessAndAnotherHostAreToldFromOneAtWorkByTheirNamesInAFile() {
    Owner dead = Owner.fromText(owner(HERE, NOW).toText()).orElseThrow();
    assertThat(dead.isGone(CLOCK)).isTrue();
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
