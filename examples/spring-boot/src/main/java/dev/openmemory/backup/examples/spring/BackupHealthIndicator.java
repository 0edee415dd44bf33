package dev.openmemory.backup.examples.spring;

import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Up while the newest complete backup is young enough. */
@Component
class BackupHealthIndicator implements HealthIndicator {
  private final NewestBackup newest;
  private final BackupSettings settings;

  BackupHealthIndicator(NewestBackup newest, BackupSettings settings) {
    this.newest = newest;
    this.settings = settings;
  }

  @Override
  public Health health() {
    Optional<Duration> age = newest.age();
    boolean young = age.filter(a -> a.compareTo(settings.maxAge()) <= 0).isPresent();
    return (young ? Health.up() : Health.down())
        .withDetail("newestAge", age.map(Duration::toString).orElse("no complete backup"))
        .withDetail("maxAge", settings.maxAge().toString())
        .build();
  }
}
