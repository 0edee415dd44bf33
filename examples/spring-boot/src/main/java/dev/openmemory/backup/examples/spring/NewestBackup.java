package dev.openmemory.backup.examples.spring;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The age of the newest complete backup. Health and metrics ask here and wait for no target. */
@Component
class NewestBackup implements MeterBinder {
  private final Backups backups;
  private final Clock clock;
  private volatile Optional<Instant> created = Optional.empty();

  NewestBackup(Backups backups, Clock clock) {
    this.backups = backups;
    this.clock = clock;
  }

  /** Empty when the target had no complete backup at the last look, and before the first one. */
  Optional<Duration> age() {
    return created.map(time -> Duration.between(time, clock.instant()));
  }

  /** Looks into the target, because other programs add and delete backups too. */
  @Scheduled(fixedDelayString = "${openmemory.backup.look-every:15m}")
  synchronized void look() throws BackupException {
    try {
      created =
          backups.list().stream()
              .filter(backup -> backup.state() == BackupSummary.State.COMPLETE)
              .map(BackupSummary::created)
              .max(Comparator.naturalOrder());
    } catch (BackupException e) {
      if (e.kind() != BackupException.Kind.NOT_FOUND) {
        throw e;
      }
      created = Optional.empty(); // The first backup makes the folder.
    }
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    TimeGauge.builder("openmemory.backup.newest.age", this, TimeUnit.SECONDS, NewestBackup::seconds)
        .register(meters);
  }

  private double seconds() {
    return age().map(Duration::toSeconds).map(Long::doubleValue).orElse(Double.NaN);
  }
}
