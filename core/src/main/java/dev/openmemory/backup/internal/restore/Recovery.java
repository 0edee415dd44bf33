package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.internal.file.DurableFile;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.pause.AffectedWriters;
import dev.openmemory.backup.internal.pause.HeldRecord;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.internal.plugin.SourcePlugins;
import dev.openmemory.backup.internal.plugin.WriterPlugins;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.WorkFolder;
import dev.openmemory.backup.internal.run.WorkRecord;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repairs what a killed run left in an installation: its data first, then its writers. */
public final class Recovery {
  /** So many rollbacks may fail; then a person has to look, and no data is touched any more. */
  private static final int MOST_FAILURES = 2;

  private static final List<String> RECORDS =
      List.of("restore.json", "held.json", "undo.json", WorkRecord.MEMORIES.fileName());
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final Path home;
  private final Clock clock;
  private boolean replaceRepairs;

  public Recovery(Path home, Clock clock) {
    this.home = home;
    this.clock = clock;
  }

  /**
   * Does what is left to do; see {@link dev.openmemory.backup.Backups#recover}. The caller has the
   * {@link HomeLock}.
   *
   * @throws BackupException of kind {@code LOCKED} when the run is still at work
   */
  public List<String> run() throws IOException {
    sweepRecords();
    Optional<RestoreRecord> restore = RestoreRecord.read(home);
    Optional<HeldRecord> held = HeldRecord.read(home);
    if (restore.isPresent()) {
      requireGone("restore", restore.get().owner());
    }
    if (held.isPresent()) {
      requireGone("run that has paused the containers", held.get().owner());
    }
    List<String> done = new ArrayList<>();
    if (restore.isPresent()) {
      done.add(end(restore.get(), held));
    }
    if (held.isPresent()) {
      boolean mayStop = held.get().how() == Quiesce.STOP && !stoppedAnew(restore);
      done.add(letGo(held.get(), mayStop));
    }
    return done;
  }

  /** They are written under the lock of the caller only. One that stays harms nothing. */
  private void sweepRecords() {
    for (String name : RECORDS) {
      try {
        DurableFile.sweep(WorkFolder.of(home).resolve(name));
      } catch (IOException e) {
        LOG.debug("What a killed run has left of {} stays in {}", name, home, e);
      }
    }
  }

  /** A stop that was confirmed just now was also the end of any earlier one. */
  private static boolean stoppedAnew(Optional<RestoreRecord> restore) {
    return restore
        .filter(r -> r.phase() == RestoreRecord.Phase.APPLYING && r.writers().isPresent())
        .isPresent();
  }

  /**
   * Ends a restore that cannot be rolled back, because a person has put the data in order. No data
   * is touched.
   *
   * @return what was done, for people; empty when there is no unfinished restore
   */
  public List<String> acceptRepair() throws IOException {
    Optional<RestoreRecord> restore = RestoreRecord.read(home);
    if (restore.isEmpty()) {
      // It may have ended before its writers were resumed.
      return run();
    }
    requireGone("restore", restore.get().owner());
    List<String> done = new ArrayList<>();
    if (restore.get().phase() == RestoreRecord.Phase.APPLYING) {
      RestoreRecord.delete(home);
      done.add(
          "ended the restore "
              + restore.get().restoreId()
              + ", left the data as it is, and kept the copies that the restore made");
    }
    done.addAll(run());
    return done;
  }

  /** As {@link #run}, also when rollbacks have failed too often or a person has repaired data. */
  public List<String> retry() throws IOException {
    replaceRepairs = true;
    Optional<RestoreRecord> restore = RestoreRecord.read(home);
    if (restore.isPresent()) {
      requireGone("restore", restore.get().owner());
      restore.get().untried().write(home);
    }
    return run();
  }

  /** Whether there is nothing to do; of use also without the lock. */
  public boolean isNeedless() throws IOException {
    return RestoreRecord.read(home).isEmpty() && HeldRecord.read(home).isEmpty();
  }

  private void requireGone(String what, Owner owner) throws BackupException {
    if (!HomeLock.showsGone(home, owner) && !owner.isGone(clock)) {
      throw Kind.LOCKED.failure(
          "recover", home.toString(), "another " + what + " is active: " + owner);
    }
  }

  private String end(RestoreRecord record, Optional<HeldRecord> held) throws IOException {
    boolean finish = record.phase() == RestoreRecord.Phase.COMMITTING;
    if (!finish) {
      requireTries(record);
    }
    String done = finish ? "finished" : "rolled back";
    done += " the restore " + record.restoreId() + " that " + record.owner() + " left half done";
    try (LeftParts parts = new LeftParts(home, record, replaceRepairs)) {
      if (finish) {
        parts.finish();
        new RestoreEnd(home, SourcePlugins.load(), clock).of(record);
      } else {
        // Also before containers are stopped that may run on a repair.
        parts.requireUnrepaired();
        takeBack(record, parts, held);
        for (Path kept : parts.changesKept()) {
          done += ", and kept in " + kept + " what had been changed in the restored data";
        }
      }
    }
    RestoreRecord.delete(home);
    return done;
  }

  private void takeBack(RestoreRecord record, LeftParts parts, Optional<HeldRecord> held)
      throws IOException {
    Optional<Writers> writers = record.writers();
    if (writers.isPresent() && record.phase() == RestoreRecord.Phase.APPLYING) {
      whileStopped(writers.get(), held, parts);
    } else {
      parts.rollBack();
    }
  }

  /** A container that was started meanwhile must not write during the rollback. */
  private void whileStopped(Writers writers, Optional<HeldRecord> held, LeftParts parts)
      throws IOException {
    WriterControl control = WriterPlugins.load().open(writers);
    Set<Writer> all = new LinkedHashSet<>(held.map(HeldRecord::writers).orElse(List.of()));
    all.addAll(new AffectedWriters(control, parts.components()).running());
    HeldWriters stopped = HeldWriters.of(home, writers, control, clock, List.copyOf(all));
    try {
      stopped.dataIsMixed(true);
      stopped.stopForExchange(new Cancellation());
      parts.rollBack();
      stopped.dataIsMixed(false);
    } catch (IOException | RuntimeException | Error e) {
      Undo.after(e, stopped::leaveHeld);
      throw e;
    }
    stopped.close();
  }

  private void requireTries(RestoreRecord record) throws BackupException {
    if (record.failures() >= MOST_FAILURES) {
      throw Kind.NOT_ROLLED_BACK.failure(
          "recover",
          home.toString(),
          "rolling back the restore "
              + record.restoreId()
              + " failed twice, so the data is left alone now. The last failure: "
              + record.lastFailure());
    }
  }

  /**
   * Resumes them.
   *
   * @param mayStop whether a stop that the other run asked for may still take effect
   */
  private String letGo(HeldRecord record, boolean mayStop) throws IOException {
    List<String> names = new ArrayList<>();
    try (WriterControl control = WriterPlugins.load().open(record.control())) {
      for (int i = record.writers().size() - 1; i >= 0; i--) {
        Writer writer = record.writers().get(i);
        try {
          control.resume(writer);
          names.add(writer.name());
        } catch (BackupException e) {
          // Removed since; no writer is left to resume.
          if (e.kind() != Kind.NOT_FOUND) {
            throw e;
          }
        }
      }
      if (mayStop) {
        control.keepRunning(record.writers());
      }
    }
    HeldRecord.delete(home);
    return "resumed " + String.join(", ", names) + ", which had been paused by " + record.owner();
  }
}
