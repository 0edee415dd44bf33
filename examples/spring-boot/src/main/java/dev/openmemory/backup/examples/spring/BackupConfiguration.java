package dev.openmemory.backup.examples.spring;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.spi.BackupTarget;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The library as beans. */
@Configuration(proxyBeanMethods = false)
class BackupConfiguration {
  @Bean
  Clock clock() {
    return Clock.system(ZoneId.systemDefault());
  }

  /** The context closes it. */
  @Bean
  BackupTarget target(BackupSettings settings) throws BackupException {
    return BackupTargets.open(settings.target(), Map.of());
  }

  @Bean
  Cancellation cancellation() {
    return new Cancellation();
  }

  @Bean
  Backups backups(
      BackupTarget target, Clock clock, Cancellation cancellation, WarningCounter warnings) {
    return Backups.in(target)
        .withClock(clock)
        .withCancellation(cancellation)
        .withListener(warnings);
  }
}
