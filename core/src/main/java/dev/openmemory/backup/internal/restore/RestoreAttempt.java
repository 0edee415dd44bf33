package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.internal.catalog.Completeness;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.internal.process.OpenFiles;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One restore under way: all staged, then the writers stopped, the parts exchanged, the writers
 * started again and asked, and the whole made final or put back.
 */
public final class RestoreAttempt {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Run run;
  private final Installation installation;
  private final Path home;
  private final BackupSummary summary;
  private final RestorePlan plan;
  private final RestoreRequest request;
  private final Map<OpenPart, Restoration> staged = new LinkedHashMap<>();
  private RestoreUndo.Reached reached = RestoreUndo.Reached.PREPARING;

  public RestoreAttempt(
      Run run,
      Installation installation,
      BackupSummary summary,
      RestorePlan plan,
      RestoreRequest request) {
    this.run = run;
    this.installation = installation;
    this.home = installation.home();
    this.summary = summary;
    this.plan = plan;
    this.request = request;
  }

  public RestoreReport run() throws IOException {
    requireComplete();
    new QdrantMatch(run, installation).require(plan.steps().values(), request.anyQdrantVersion());
    boolean made = createHome();
    List<Installation.Part> parts = plan.steps().keySet().stream().map(OpenPart::part).toList();
    RestoreRecord record =
        new RestoreRecord(
            newId(),
            RestoreRecord.Phase.PREPARING,
            request.discardPrevious(),
            HomeLock.owner(home, run.clock()),
            parts,
            installation.writers(),
            0,
            "");
    Optional<HeldWriters> writers = Optional.empty();
    record.create(home);
    try {
      prepare(record.restoreId());
      new BeforeStop(run, installation, new OpenFiles(OpenFiles.PROC)).check(staged.values());
      if (request.dryRun()) {
        discard();
        return report(Map.of());
      }
      writers = writers();
      exchange(record, writers);
    } catch (IOException | RuntimeException | Error e) {
      new RestoreUndo(run, home, staged, writers).after(e, reached);
      if (made) {
        Undo.after(e, () -> Disk.deleteIfEmpty(home));
      }
      throw e;
    }
    return report(finish(writers));
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

  /** Empty vectors are judged by all memories of the backup, also when those stay there. */
  private void requireComplete() throws IOException {
    Collection<Component> steps = plan.steps().values();
    boolean withVectors = steps.stream().anyMatch(c -> c.component().equals(Component.VECTORS));
    StoredBackup backup = new StoredBackup(run, summary);
    Completeness data = Completeness.of(backup, withVectors ? backup.components() : steps);
    String location = backup.location();
    data.requireOwnDatabase("restore", location);
    if (withVectors && !request.allowEmptyVectors()) {
      data.requireVectors("restore", location);
    }
  }

  private Map<String, Path> finish(Optional<HeldWriters> writers) throws IOException {
    Map<String, Path> previous;
    try {
      previous = commit();
    } catch (IOException | RuntimeException | Error e) {
      // All is in place and the writers run on it; what is left is for the next run.
      Undo.after(e, () -> RestoreRecord.retire(home));
      Undo.after(e, () -> close(writers));
      throw e;
    }
    close(writers);
    return previous;
  }

  private Optional<HeldWriters> writers() throws IOException {
    if (installation.writers().isEmpty()) {
      return Optional.empty();
    }
    Installation.Writers known = installation.writers().get();
    return Optional.of(HeldWriters.running(home, known, run.writers().open(known), run.clock()));
  }

  private void exchange(RestoreRecord record, Optional<HeldWriters> writers) throws IOException {
    Cancellation cancellation = run.context().cancellation();
    if (writers.isPresent()) {
      run.enter(Phase.HOLD, "writers");
      writers.get().telling(run::tell);
      writers.get().hold(Quiesce.STOP, cancellation);
    }
    if (writers.isPresent()) {
      writers.get().beginExchange();
    }
    HomeLock.requireHeld(home);
    record.in(RestoreRecord.Phase.APPLYING).write(home);
    reached = RestoreUndo.Reached.EXCHANGING;
    apply();
    if (writers.isPresent()) {
      requireStopped(writers.get());
    }
    reached = RestoreUndo.Reached.RUNNING;
    writers.ifPresent(held -> held.dataIsMixed(false));
    if (writers.isPresent() && !writers.get().writers().isEmpty()) {
      try {
        HeldWriters held = writers.get();
        Boundary.step("restore", home.toString(), () -> confirm(held, cancellation));
      } catch (BackupException e) {
        throw applyFailed(e);
      }
    }
    record.in(RestoreRecord.Phase.COMMITTING).write(home);
  }

  /** A program that watches containers may have started one again. */
  private void requireStopped(HeldWriters writers) throws IOException {
    List<String> running;
    try {
      running = Boundary.call("restore", home.toString(), writers::stillRunning);
    } catch (BackupException e) {
      throw applyFailed(e);
    }
    if (!running.isEmpty()) {
      throw Kind.LOCKED.failure(
          "restore",
          String.join(", ", running),
          "was started while its data was exchanged, perhaps by a program that watches containers;"
              + " pause that program and restore again");
    }
  }

  private void confirm(HeldWriters writers, Cancellation cancellation) throws IOException {
    run.enter(Phase.RESUME, "writers");
    writers.resumeAndLook(
        () -> {
          for (Map.Entry<OpenPart, Restoration> entry : staged.entrySet()) {
            run.enter(Phase.CONFIRM, entry.getKey().component());
            Component component = Objects.requireNonNull(plan.steps().get(entry.getKey()));
            entry.getValue().confirm(component.facts(), cancellation);
          }
        },
        cancellation);
  }

  private static void close(Optional<HeldWriters> writers) throws IOException {
    if (writers.isPresent()) {
      writers.get().close();
    }
  }

  /**
   * For people a time; unique also when two restores begin in one second and both keep what was
   * there.
   */
  private String newId() {
    String time = STAMP.format(LocalDateTime.now(run.clock()));
    return "restore-" + time + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  private void prepare(String id) throws IOException {
    for (Map.Entry<OpenPart, Component> step : plan.steps().entrySet()) {
      run.enter(Phase.PREPARE, step.getKey().component());
      BackupFiles files = new StoredBackup(run, summary).files(step.getValue());
      staged.put(step.getKey(), step.getKey().source().prepare(id, files, run.context()));
    }
  }

  private void apply() throws IOException {
    for (Map.Entry<OpenPart, Restoration> entry : staged.entrySet()) {
      String component = entry.getKey().component();
      run.enter(Phase.APPLY, component);
      try {
        Boundary.step("restore", component, entry.getValue()::apply);
        lookAt(entry.getKey());
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

  private Map<String, Path> commit() throws IOException {
    Map<String, Path> previous = new LinkedHashMap<>();
    for (Map.Entry<OpenPart, Restoration> entry : staged.entrySet()) {
      run.tell(new BackupEvent.PhaseStarted(Phase.COMMIT, entry.getKey().component()));
      entry
          .getValue()
          .commit(request.discardPrevious())
          .ifPresent(p -> previous.put(entry.getKey().component(), p));
      entry.getValue().close();
    }
    RestoreRecord.delete(home);
    return previous;
  }

  private void discard() throws IOException {
    for (Restoration restoration : staged.values()) {
      restoration.close();
    }
    RestoreRecord.delete(home);
  }

  private RestoreReport report(Map<String, Path> previous) {
    List<String> components = plan.steps().keySet().stream().map(OpenPart::component).toList();
    return new RestoreReport(
        summary.name(), request.dryRun(), components, previous, run.warnings(), run.elapsed());
  }
}
