package dev.openmemory.backup.internal.pause;

import dev.openmemory.backup.BackupReport.Held;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What outlives a pause that is not ended as planned: the {@link HeldRecord} on the disk, and the
 * hook that the end of the process runs. To be used under the lock of one {@link HeldWriters}.
 */
final class RecordedPause {
  private static final Logger LOG = LoggerFactory.getLogger(RecordedPause.class);

  private final Path home;
  private HeldRecord record;
  private final boolean replaces;
  private final Thread hook;
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
    this.hook = new Thread(atShutdown, "openmemory-backup-resume");
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
      Runtime.getRuntime().addShutdownHook(hook);
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
      removeHook();
      HeldRecord.retire(home);
    }
  }

  /** Nothing is left to do for the next run. */
  void delete() throws IOException {
    if (recorded) {
      HeldRecord.deleteOwn(home);
      removeHook();
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The process is ending; the hook finds nothing left to do", e);
    }
  }
}
