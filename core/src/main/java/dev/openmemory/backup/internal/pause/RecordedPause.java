package dev.openmemory.backup.internal.pause;

import dev.openmemory.backup.BackupReport.Held;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What outlives a pause that is not ended as planned: the {@link HeldRecord} on the disk, and the
 * hook that the end of the process runs. To be used under the lock of one {@link HeldWriters}.
 */
final class RecordedPause {
  private final Path home;
  private HeldRecord record;
  private final boolean replaces;
  private final Runnable atShutdown;
  private boolean recorded;
  private Quiesce how = Quiesce.NONE;
  private long since;
  private Duration lasted = Duration.ZERO;

  /**
   * Nothing is recorded yet.
   *
   * @param replaces whether a record of a run that is gone may be there
   */
  RecordedPause(Path home, HeldRecord record, boolean replaces, Runnable atShutdown) {
    this.home = home;
    this.record = record;
    this.replaces = replaces;
    this.atShutdown = atShutdown;
  }

  /** Records the writers before the first is paused; once for several pauses. */
  void begin(Quiesce chosen) throws IOException {
    if (!recorded) {
      HeldRecord text = record.held(chosen);
      if (replaces) {
        text.write(home);
      } else {
        text.create(home);
      }
      recorded = true;
      ProcessEnd.add(atShutdown);
    }
    how = chosen;
    since = System.nanoTime();
  }

  /** Records other writers from now on. */
  void change(HeldRecord changed) throws IOException {
    record = changed;
    if (recorded) {
      record.held(how).write(home);
    }
  }

  /** The writers run again. */
  void end() {
    lasted = lasted.plusNanos(System.nanoTime() - since);
  }

  /** Which writers were held, and for how long so far. */
  Optional<Held> held() {
    return recorded
        ? Optional.of(new Held(record.writers().stream().map(Writer::name).toList(), how, lasted))
        : Optional.empty();
  }

  /** Leaves the record to the next run. */
  void leave() throws IOException {
    if (recorded) {
      ProcessEnd.remove(atShutdown);
      HeldRecord.retire(home);
    }
  }

  /** Nothing is left to do for the next run. */
  void delete() throws IOException {
    if (recorded) {
      HeldRecord.deleteOwn(home);
      ProcessEnd.remove(atShutdown);
    }
  }
}
