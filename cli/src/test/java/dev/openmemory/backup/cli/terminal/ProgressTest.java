package dev.openmemory.backup.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.FileFinished;
import dev.openmemory.backup.BackupEvent.FileStarted;
import dev.openmemory.backup.BackupEvent.LeftoverHandled;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupEvent.PhaseStarted;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.terminal.Progress.Style;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Terminal terminal =
      new Terminal(
          new Host(
              InputStream.nullInputStream(),
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              Map.of(),
              prompt -> Optional.empty(),
              false,
              true,
              Clock.systemUTC(),
              () -> Duration.ZERO,
              new Cancellation()));
  private long nanos;

  @Test
  void aBarShowsPartSizeRateAndTimeLeft() {
    assertThat(
            ProgressText.bar(
                "a.tar.gz", 80 << 20, OptionalLong.of(320 << 20), Duration.ofSeconds(2)))
        .isEqualTo("  a.tar.gz [##......]  25% of 320.0 MiB 40.0 MiB/s ETA 0:06");
  }

  @Test
  void withoutASizeThereIsNoPartAndNoTimeLeft() {
    assertThat(ProgressText.bar("a", 80 << 20, OptionalLong.empty(), Duration.ofSeconds(2)))
        .isEqualTo("  a 80.0 MiB 40.0 MiB/s");
  }

  @Test
  void aLongNameIsCutAndNotWhatFollowsIt() {
    String line =
        ProgressText.bar(
            "n".repeat(128), 1 << 30, OptionalLong.of(Long.MAX_VALUE), Duration.ofDays(2));
    assertThat(line).hasSizeLessThanOrEqualTo(79).contains("nnn [").contains("/s ETA ");
  }

  @Test
  void aBarIsRedrawnAtMostTenTimesASecond() {
    Progress progress = new Progress(terminal, Style.BAR, () -> nanos);
    progress.on(new FileStarted("a", OptionalLong.of(1000)));
    for (int i = 1; i <= 1000; i++) {
      nanos += 1_000_000;
      progress.on(new BackupEvent.Progress("a", i));
    }
    assertThat(text().chars().filter(c -> c == '\r').count()).isEqualTo(10);
  }

  @Test
  void filesThatAreInFlightTogetherShareABar() {
    Progress progress = new Progress(terminal, Style.BAR, () -> nanos);
    progress.on(new FileStarted("a", OptionalLong.of(100)));
    progress.on(new FileStarted("b", OptionalLong.of(300)));
    nanos += 1_000_000_000;
    progress.on(new BackupEvent.Progress("a", 50));
    nanos += 1_000_000_000;
    progress.on(new BackupEvent.Progress("b", 150));
    assertThat(text()).contains("  2 files [####....]  50% of 400 B 100 B/s ETA 0:02");
    progress.on(new FileFinished("a", 100, true));
    nanos += 1_000_000_000;
    progress.on(new BackupEvent.Progress("b", 300));
    assertThat(text()).contains("  a  100 B  2.0 s").contains("  b [########] 100% of 300 B");
  }

  @Test
  void linesHaveNoControlCharacters() {
    Progress progress = new Progress(terminal, Style.LINES, () -> nanos);
    everything(progress);
    assertThat(text()).doesNotContain("\r", "\u001b").contains("Storing vectors").contains("a  ");
  }

  @Test
  void silentProgressStillTellsWhatWasCleanedUp() {
    Progress progress = new Progress(terminal, Style.NONE, () -> nanos);
    everything(progress);
    assertThat(text())
        .isEqualTo("Cleaned up after an earlier run: removed x" + System.lineSeparator());
  }

  private void everything(Progress progress) {
    progress.on(new LeftoverHandled("removed x"));
    progress.on(new PhaseStarted(Phase.PUBLISH, "vectors"));
    progress.on(new FileStarted("a", OptionalLong.of(10)));
    nanos += 1_000_000_000;
    progress.on(new BackupEvent.Progress("a", 5));
    progress.on(new FileFinished("a", 10, true));
    progress.clear();
  }

  private String text() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
