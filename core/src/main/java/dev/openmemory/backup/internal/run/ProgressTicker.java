package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.BackupEvent;

/** Thins progress out to some ten events a second. */
public final class ProgressTicker {
  private static final long INTERVAL_NANOS = 100_000_000;

  private final Run run;
  private final String file;
  private long lastNanos = System.nanoTime();

  public ProgressTicker(Run run, String file) {
    this.run = run;
    this.file = file;
  }

  public void at(long bytes) {
    long now = System.nanoTime();
    if (now - lastNanos >= INTERVAL_NANOS) {
      lastNanos = now;
      run.tell(new BackupEvent.Progress(file, bytes));
    }
  }
}
