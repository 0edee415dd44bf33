package dev.openmemory.backup.internal.engine;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.internal.engine.OpenParts.OpenPart;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.plugin.SourcePlugins;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Restores a backup: everything fetched and checked, then exchanged, then final or put back. */
public final class BackupRestorer {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

  private final Run.Settings settings;

  /** Restores with these settings. */
  public BackupRestorer(Run.Settings settings) {
    this.settings = settings;
  }

  /** See {@link dev.openmemory.backup.Backups#restore}. */
  public RestoreReport restore(BackupName name, Installation installation, RestoreRequest request)
      throws IOException {
    try (Run run = Run.reading(settings)) {
      for (String done : recover(installation)) {
        run.tell(new BackupEvent.LeftoverHandled(done));
      }
      BackupSummary summary = new BackupCatalog(run.target()).find(name);
      if (summary.state() == State.DAMAGED) {
        throw new BackupException(
            Kind.CORRUPT,
            "restore",
            run.target().location() + "/" + name,
            summary.problem().orElse("damaged"));
      }
      RestorePlan plan = RestorePlan.make(summary, OpenParts.open(run, installation), request);
      return new Attempt(run, installation.home(), summary, plan, request).run();
    }
  }

  /** See {@link dev.openmemory.backup.Backups#recover}. */
  public List<String> recover(Installation installation) throws IOException {
    Path home = installation.home();
    Optional<RestoreRecord> found = RestoreRecord.read(home);
    if (found.isEmpty()) {
      return List.of();
    }
    RestoreRecord record = found.get();
    if (!record.owner().isGone(settings.clock())) {
      throw new BackupException(
          Kind.LOCKED, "restore", home.toString(), "another restore is at work: " + record.owner());
    }
    boolean finish = record.phase() == RestoreRecord.Phase.COMMITTING;
    SourcePlugins sources = SourcePlugins.load();
    for (Installation.Part part : record.parts()) {
      Optional<Restoration> restoration = sources.open(part).resume(record.restoreId());
      if (restoration.isPresent()) {
        try (Restoration half = restoration.get()) {
          if (finish) {
            half.commit(record.discardPrevious());
          } else {
            half.rollback();
          }
        }
      }
    }
    RestoreRecord.delete(home);
    String done =
        (finish ? "finished the restore " : "rolled back the restore ") + record.restoreId();
    return List.of(done + " that " + record.owner() + " left half done");
  }

  /** One restore under way. */
  private static final class Attempt {
    private final Run run;
    private final Path home;
    private final BackupSummary summary;
    private final RestorePlan plan;
    private final RestoreRequest request;
    private final Map<OpenPart, Restoration> staged = new LinkedHashMap<>();

    Attempt(Run run, Path home, BackupSummary summary, RestorePlan plan, RestoreRequest request) {
      this.run = run;
      this.home = home;
      this.summary = summary;
      this.plan = plan;
      this.request = request;
    }

    RestoreReport run() throws IOException {
      Files.createDirectories(home);
      List<Installation.Part> parts = plan.steps().keySet().stream().map(OpenPart::part).toList();
      String id = newId();
      RestoreRecord record =
          new RestoreRecord(
              id,
              RestoreRecord.Phase.PREPARING,
              request.discardPrevious(),
              Owner.ofThisProcess(run.clock()),
              parts);
      record.write(home);
      try {
        prepare(id);
        if (request.dryRun()) {
          discard();
          return report(Map.of());
        }
        record.in(RestoreRecord.Phase.APPLYING).write(home);
        apply();
        record.in(RestoreRecord.Phase.COMMITTING).write(home);
      } catch (IOException | RuntimeException | Error e) {
        undo(e);
        throw e;
      }
      return report(commit());
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
        StoredFiles files = new StoredFiles(run, summary, step.getValue());
        staged.put(step.getKey(), step.getKey().source().prepare(id, files, run.context()));
      }
    }

    private void apply() throws IOException {
      for (Map.Entry<OpenPart, Restoration> entry : staged.entrySet()) {
        run.enter(Phase.APPLY, entry.getKey().component());
        try {
          entry.getValue().apply();
          lookAt(entry.getKey());
        } catch (BackupException e) {
          throw applyFailed(e);
        }
      }
    }

    /**
     * What is in place must be fit for a backup; the room that a backup would take is not needed.
     */
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
      return plain
          ? e
          : new BackupException(Kind.ROLLED_BACK, e.operation(), e.location(), e.fact(), e);
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

    /** Puts everything back, the last one first, and says whether that succeeded. */
    private void undo(Throwable failure) throws BackupException {
      int suppressedBefore = failure.getSuppressed().length;
      List<Map.Entry<OpenPart, Restoration>> reversed = new ArrayList<>(staged.entrySet());
      Collections.reverse(reversed);
      for (Map.Entry<OpenPart, Restoration> entry : reversed) {
        run.tell(new BackupEvent.PhaseStarted(Phase.ROLLBACK, entry.getKey().component()));
        Undo.after(
            failure,
            () -> {
              entry.getValue().rollback();
              entry.getValue().close();
            });
      }
      if (failure.getSuppressed().length > suppressedBefore) {
        Throwable undo = failure.getSuppressed()[suppressedBefore];
        throw new BackupException(
            Kind.NOT_ROLLED_BACK,
            "restore",
            home.toString(),
            "failed ("
                + failure.getMessage()
                + ") and could not be undone ("
                + undo.getMessage()
                + ")",
            failure);
      }
      Undo.after(failure, () -> RestoreRecord.delete(home));
    }

    private RestoreReport report(Map<String, Path> previous) {
      List<String> components = plan.steps().keySet().stream().map(OpenPart::component).toList();
      return new RestoreReport(
          summary.name(), request.dryRun(), components, previous, run.warnings(), run.elapsed());
    }
  }
}
