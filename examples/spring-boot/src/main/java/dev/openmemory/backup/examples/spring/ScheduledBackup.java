package dev.openmemory.backup.examples.spring;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.prune.RetentionPolicy.Interval;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Backs up by a schedule and deletes the backups that the settings do not keep. */
@Component
class ScheduledBackup {
  private static final Logger LOG = LoggerFactory.getLogger(ScheduledBackup.class);
  private final Backups backups;
  private final BackupSettings settings;
  private final NewestBackup newest;
  private final Clock clock;
  private final Cancellation cancellation;
  private final MeterRegistry meters;

  ScheduledBackup(
      Backups backups,
      BackupSettings settings,
      NewestBackup newest,
      Clock clock,
      Cancellation cancellation,
      MeterRegistry meters) {
    this.backups = backups;
    this.settings = settings;
    this.newest = newest;
    this.clock = clock;
    this.cancellation = cancellation;
    this.meters = meters;
  }

  /** Spring logs the failure of a run and goes on with the next one. */
  @Scheduled(cron = "${openmemory.backup.cron}")
  void run() throws BackupException {
    Timer.Sample run = Timer.start(meters);
    String outcome = "failure";
    try {
      BackupReport report = backUp();
      prune(report.manifest().installationId());
      outcome = "success";
    } finally {
      run.stop(meters.timer("openmemory.backup.runs", "outcome", outcome));
    }
  }

  private BackupReport backUp() throws BackupException {
    // For OpenMemory in containers: DockerDiscovery.find(...).installation()
    Installation installation = Installation.at(settings.home()).withStorage(settings.storage());
    BackupReport report = backups.create(installation, BackupRequest.STANDARD);
    newest.look();
    meters
        .counter("openmemory.backup.stored.bytes")
        .increment((double) report.manifest().storedBytes());
    LOG.info("Backup {} is in {}", report.manifest().name(), report.location());
    return report;
  }

  private void prune(String installationId) throws BackupException {
    RetentionPolicy policy =
        RetentionPolicy.in(clock.getZone())
            .keep(Interval.DAY, settings.keepDaily())
            .keep(Interval.WEEK, settings.keepWeekly());
    PruneReport report = backups.prune(PruneRequest.by(policy).withInstallation(installationId));
    meters.counter("openmemory.backup.removed").increment(report.removed().size());
  }

  /** A run that is at work undoes what is half done, and the context waits for that. */
  @EventListener(ContextClosedEvent.class)
  void stop() {
    cancellation.cancel();
  }
}
