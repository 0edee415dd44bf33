package dev.openmemory.backup.examples.spring;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupListener;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Logs and counts the warnings of all runs. */
@Component
class WarningCounter implements BackupListener {
  private static final Logger LOG = LoggerFactory.getLogger(WarningCounter.class);
  private final MeterRegistry meters;

  WarningCounter(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void on(BackupEvent event) {
    if (event instanceof BackupEvent.WarningRaised raised) {
      LOG.warn("{} [{}]", raised.warning().message(), raised.warning().code());
      meters.counter("openmemory.backup.warnings", "code", raised.warning().code()).increment();
    }
  }
}
