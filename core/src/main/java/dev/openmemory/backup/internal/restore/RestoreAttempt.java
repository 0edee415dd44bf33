package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.pause.AffectedWriters;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.swap.KeepsPrevious;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One restore under way: all staged, then the writers stopped, the parts exchanged, the writers
 * started again and asked, and the whole made final or put back.
 */
public final class RestoreAttempt {
  private final Run run;
  private final Installation installation;
  private final Path home;
  private final Replacement replacement;
  private final Map<OpenPart, Restoration> staged = new LinkedHashMap<>();
  private RestoreUndo.Reached reached = RestoreUndo.Reached.PREPARING;

  /** The restore of a backup. */
  public RestoreAttempt(
      Run run,
      Installation installation,
      BackupSummary summary,
      RestorePlan plan,
      RestoreRequest request) {
    this(
        run,
        installation,
        new BackupReplacement(new StoredBackup(run, summary), installation, plan, request));
  }

  public RestoreAttempt(Run run, Installation installation, Replacement replacement) {
    this.run = run;
    this.installation = installation;
    this.home = installation.home();
    this.replacement = replacement;
  }

  public RestoreReport run() throws IOException {
    replacement.requireFit();
    RestoreRecord record = newRecord();
    boolean made = createHome();
    Optional<HeldWriters> writers = Optional.empty();
    record.create(home);
    try {
      prepare(record.restoreId());
      new BeforeStop(run, installation, replacement.components()).check(staged.values());
      if (replacement.dryRun()) {
        discard();
        return report(Map.of());
      }
      writers = writers();
      record = exchange(record, writers);
    } catch (IOException | RuntimeException | Error e) {
      new RestoreUndo(run, home, staged, writers).after(e, reached);
      if (made) {
        Undo.after(e, () -> Disk.deleteIfEmpty(home));
      }
      throw e;
    }
    return report(finish(record, writers));
  }

  /** Whether the home had to be made; one that a failure leaves empty is removed again. */
  private boolean createHome() throws IOException {
    try {
      boolean made = !Files.exists(home);
      Files.createDirectories(home);
      return made;
    } catch (IOException e) {
      throw FileFailure.of("restore", home, e);
    }
  }

  private RestoreRecord newRecord() throws IOException {
    return new RestoreRecord(
        RestoreId.next(run.clock()),
        RestoreRecord.Phase.PREPARING,
        replacement.discardPrevious(),
        HomeLock.owner(home, run.clock()),
        replacement.parts().stream().map(OpenPart::part).toList(),
        installation.writers(),
        0,
        "",
        new PresentData(run).noted(replacement));
  }

  private Map<String, Path> finish(RestoreRecord record, Optional<HeldWriters> writers)
      throws IOException {
    Map<String, Path> previous;
    try {
      previous = commit(record);
    } catch (IOException | RuntimeException | Error e) {
      // All is in place and the writers run on it; what is left is for the next run.
      Undo.after(e, () -> RestoreRecord.retire(home));
      Undo.after(e, () -> close(writers));
      throw e;
    }
    try {
      close(writers);
    } catch (IOException | RuntimeException e) {
      String what = "not all could be resumed, and the next run tries again: " + e.getMessage();
      run.warn(new Warning("writer-not-running", what));
    }
    return previous;
  }

  private Optional<HeldWriters> writers() throws IOException {
    if (installation.writers().isEmpty()) {
      return Optional.empty();
    }
    Installation.Writers known = installation.writers().get();
    AffectedWriters affected =
        new AffectedWriters(run.writers().open(known), replacement.components());
    return Optional.of(HeldWriters.running(home, known, affected, run.clock()));
  }

  /** Gives the record as it is when all is in place. */
  private RestoreRecord exchange(RestoreRecord begun, Optional<HeldWriters> writers)
      throws IOException {
    RestoreRecord record = begun;
    if (writers.isPresent()) {
      run.enter(Phase.HOLD, "writers");
      writers.get().telling(run::tell);
      record =
          record.observed(
              PresentData.reported(writers.get().stopForExchange(run.context().cancellation())));
      writers.get().beginExchange();
    }
    HomeLock.requireHeld(home);
    record.in(RestoreRecord.Phase.APPLYING).write(home);
    reached = RestoreUndo.Reached.EXCHANGING;
    apply();
    if (writers.isPresent()) {
      confirm(() -> Confirmation.requireStopped(writers.get()));
    }
    reached = RestoreUndo.Reached.RUNNING;
    RestoreRecord decided = record.in(RestoreRecord.Phase.COMMITTING);
    // Until all run on the restored data, that from before is not deleted.
    RestoreRecord unconfirmed = decided.keepingPrevious();
    writers.ifPresent(held -> held.dataIsMixed(false, () -> unconfirmed.write(home)));
    Optional<Confirmation> confirmation =
        writers.filter(held -> !held.writers().isEmpty()).map(held -> new Confirmation(run, held));
    if (confirmation.isPresent()) {
      confirm(() -> confirmation.get().look(this::confirmParts));
    }
    // The next ones confirm changes, which a rollback by the next run would lose.
    unconfirmed.write(home);
    writers.ifPresent(held -> held.dataIsMixed(false));
    if (confirmation.isPresent()) {
      confirm(confirmation.get()::resumeOthers);
    }
    return confirmation.map(Confirmation::isComplete).orElse(true) ? decided : unconfirmed;
  }

  private void confirm(Undo.Step step) throws IOException {
    try {
      Boundary.step("restore", home.toString(), step::run);
    } catch (BackupException e) {
      throw applyFailed(e);
    }
  }

  private void confirmParts() throws IOException {
    for (Map.Entry<OpenPart, Restoration> entry : staged.entrySet()) {
      run.enter(Phase.CONFIRM, entry.getKey().component());
      entry.getValue().confirm(replacement.stated(entry.getKey()), run.context().cancellation());
    }
  }

  private static void close(Optional<HeldWriters> writers) throws IOException {
    if (writers.isPresent()) {
      writers.get().close();
    }
  }

  private void prepare(String id) throws IOException {
    for (OpenPart part : replacement.parts()) {
      run.enter(Phase.PREPARE, part.component());
      staged.put(part, replacement.stage(part, id));
    }
  }

  private void apply() throws IOException {
    for (Map.Entry<OpenPart, Restoration> entry : staged.entrySet()) {
      String component = entry.getKey().component();
      run.enter(Phase.APPLY, component);
      try {
        Boundary.step("restore", component, entry.getValue()::apply);
        if (!replacement.removes(entry.getKey())) {
          lookAt(entry.getKey());
        }
      } catch (BackupException e) {
        throw applyFailed(e);
      }
    }
  }

  /** What is in place must be fit for a backup; the room that a backup would take is not needed. */
  private void lookAt(OpenPart part) throws IOException {
    try {
      part.source().preflight(run.context());
    } catch (BackupException e) {
      if (e.kind() != Kind.NO_SPACE) {
        throw e;
      }
    }
  }

  /**
   * What is in use or cancelled stays recognizable; the rest is a restore that failed and was
   * undone.
   */
  private static BackupException applyFailed(BackupException e) {
    boolean plain = e.kind() == Kind.LOCKED || e.kind() == Kind.CANCELLED;
    return plain ? e : Kind.ROLLED_BACK.failure(e.operation(), e.location(), e.fact(), e);
  }

  private Map<String, Path> commit(RestoreRecord record) throws IOException {
    if (record.discardPrevious()) {
      record.write(home);
    }
    Map<String, Path> previous = new LinkedHashMap<>();
    for (Map.Entry<OpenPart, Restoration> entry : staged.entrySet()) {
      run.tell(new BackupEvent.PhaseStarted(Phase.COMMIT, entry.getKey().component()));
      entry
          .getValue()
          .commit(record.discardPrevious())
          .ifPresent(p -> previous.put(entry.getKey().component(), p));
      entry.getValue().close();
    }
    Map<String, String> kept = new LinkedHashMap<>();
    previous.forEach((component, path) -> kept.put(component, path.toString()));
    new RestoreEnd(home, run.sources(), run.clock()).of(record, kept);
    if (replacement.discardPrevious() && !record.discardPrevious()) {
      String why = "not everything runs on the restored data, so the data from before was kept";
      run.warn(new Warning("previous-kept", why + "; 'undo' puts it back, 'cleanup' deletes it"));
    }
    return previous;
  }

  private void discard() throws IOException {
    for (Restoration restoration : staged.values()) {
      restoration.close();
    }
    RestoreRecord.delete(home);
  }

  private RestoreReport report(Map<String, Path> previous) {
    return new RestoreReport(
        replacement.backup(),
        replacement.dryRun(),
        replacement.components(),
        previous,
        isUndoable(previous),
        run.warnings(),
        run.elapsed());
  }

  /** What may be absent may not have been there before. */
  private boolean isUndoable(Map<String, Path> previous) {
    return !previous.isEmpty()
        && replacement.parts().stream()
            .allMatch(
                part ->
                    part.source() instanceof KeepsPrevious source
                        && (previous.containsKey(part.component()) || source.mayBeAbsent()));
  }
}
