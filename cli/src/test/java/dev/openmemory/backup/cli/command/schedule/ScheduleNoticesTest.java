package dev.openmemory.backup.cli.command.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.LocalServer;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.terminal.Host;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ScheduleNoticesTest {
  @TempDir Path home;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private final class TestedClock extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneId.of("UTC");
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  private Session session(LocalServer server) {
    PrintStream lost = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Session session =
        new Session(
            new Host(
                InputStream.nullInputStream(),
                lost,
                lost,
                Map.of(
                    "OPENMEMORY_BACKUP_NOTIFY_WEBHOOK_URL",
                    server.url(),
                    "OPENMEMORY_BACKUP_NOTIFY_ON",
                    "weekly"),
                prompt -> Optional.empty(),
                false,
                false,
                new TestedClock(),
                () -> Duration.ZERO,
                new Cancellation()));
    new CommandLine(session.options()).parseArgs("--home", home.toString());
    return session;
  }

  /** The schedule is one of which no run comes, such as each first of January. */
  @Test
  void theSummaryComesEachWeekAlsoWithoutRuns() throws IOException {
    Files.createDirectories(home.resolve(".openmemory-backup"));
    try (LocalServer server = LocalServer.answering(200)) {
      ScheduleNotices notices = new ScheduleNotices(session(server));
      for (int i = 0; i < 365 * 24 * 4; i++) {
        now = now.plus(Duration.ofMinutes(15));
        notices.sendWeekly();
      }
      assertThat(server.requests()).hasSize(52);
      assertThat(server.requests().get(51))
          .contains("\"event\":\"weekly\"", "0 runs, 0 succeeded, 0 failed", "No backup is known");
    }
  }
}
