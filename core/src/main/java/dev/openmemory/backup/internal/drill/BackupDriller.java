package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Encryption;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillReport.Outcome;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.internal.catalog.ProofFile;
import dev.openmemory.backup.internal.catalog.SealedBackup;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.crosscheck.IdFolder;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.run.ToolIdentity;
import dev.openmemory.backup.internal.text.Sha256;
import dev.openmemory.backup.spi.TrialServer;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One drill: finds what can open the vectors here, restores all to a private folder, has that
 * opened, compares, removes both, and records the result.
 */
public final class BackupDriller {
  /** Why something cannot be started here; says nothing of the backup. */
  static final Set<Kind> NOT_HERE =
      Set.of(Kind.NOT_FOUND, Kind.UNAVAILABLE, Kind.DENIED, Kind.TIMEOUT, Kind.UNSUPPORTED);

  private final Run run;
  private final BackupSummary summary;
  private final DrillRequest request;
  private final List<Component> components;
  private final List<Problem> problems = new ArrayList<>();
  private List<String> restored = List.of();
  private Optional<Proof.Seen> seen = Optional.empty();
  private final List<String> notBooted = new ArrayList<>();

  private BackupDriller(Run run, StoredBackup backup, DrillRequest request) {
    this.run = run;
    this.summary = backup.summary();
    this.request = request;
    this.components = backup.components();
  }

  public static DrillReport drill(Run.Settings settings, BackupName name, DrillRequest request)
      throws IOException {
    try (Run run = Run.writing(settings)) {
      StoredBackup stored = StoredBackup.asStored(run, name);
      if (stored.summary().state() == State.DAMAGED) {
        String problem = stored.summary().problem().orElse("damaged");
        return new BackupDriller(run, stored, request).failed(name.value(), problem);
      }
      StoredBackup opened;
      try {
        opened = SealedBackup.opened(stored);
      } catch (BackupException e) {
        if (e.kind() != Kind.CORRUPT) {
          throw e;
        }
        return new BackupDriller(run, stored, request).failed(Encryption.DETAILS, e.getMessage());
      }
      return new BackupDriller(run, opened, request).drill();
    }
  }

  private DrillReport failed(String subject, String problem) {
    problems.add(new Problem(subject, problem));
    return finish(Optional.empty());
  }

  private DrillReport drill() throws IOException {
    Optional<String> digest =
        summary.manifest().isPresent()
            ? Optional.of(Sha256.of(new ProofFile(run.target(), summary.name()).manifest()))
            : Optional.empty();
    prove();
    return finish(digest);
  }

  private void prove() throws IOException {
    Optional<Component> vectors = vectors();
    if (vectors.isEmpty()) {
      notBooted.add("the backup has no vectors");
      restore();
    } else if (isOfCluster(vectors.get())) {
      notBooted.add("the snapshots are of several nodes, and one would be started");
      restore();
    } else if (!bootOneOf(request.servers(), vectors.get().facts())) {
      Optional<StorageEngine> engine = engine();
      DrillFolder folder = restore();
      if (engine.isPresent() && problems.isEmpty()) {
        open(engine.get(), folder);
      }
    }
  }

  /** Whether one could be started; then all is restored and compared. */
  private boolean bootOneOf(List<DrillRequest.Server> servers, Facts stated) throws IOException {
    for (DrillRequest.Server chosen : servers) {
      try (TrialServer server = run.trials().open(chosen)) {
        Optional<String> what = prepare(server, chosen, stated);
        if (what.isPresent()) {
          DrillFolder folder = restore();
          if (problems.isEmpty()) {
            boot(server, what.get(), folder);
          }
          return true;
        }
      }
    }
    return false;
  }

  /** What will be started; empty when that cannot be done here and need not be. */
  private Optional<String> prepare(TrialServer server, DrillRequest.Server chosen, Facts stated)
      throws IOException {
    run.enter(Phase.PREFLIGHT, "Qdrant");
    try {
      return Optional.of(server.prepare(stated, run.context()));
    } catch (BackupException e) {
      refuseIfNeeded(e, chosen.required());
      return Optional.empty();
    }
  }

  private Optional<StorageEngine> engine() throws IOException {
    if (request.engine().isEmpty()) {
      if (request.servers().isEmpty()) {
        notBooted.add("no Qdrant to start was named");
      }
      return Optional.empty();
    }
    run.enter(Phase.PREFLIGHT, "storage engine");
    try {
      return Optional.of(StorageEngine.of(request.engine().get().python(), run.context()));
    } catch (BackupException e) {
      refuseIfNeeded(e, request.engine().get().required());
      return Optional.empty();
    }
  }

  private void refuseIfNeeded(BackupException failure, boolean required) throws BackupException {
    if (required || !NOT_HERE.contains(failure.kind())) {
      throw failure;
    }
    notBooted.add(failure.getMessage());
  }

  private static boolean isOfCluster(Component vectors) {
    return vectors.facts().texts("collections").stream()
        .anyMatch(name -> vectors.facts().texts("snapshots", name).size() > 1);
  }

  private DrillFolder restore() throws IOException {
    DrillFolder folder = DrillFolder.create(run);
    try {
      restored = folder.restore(summary, components);
      problems.addAll(folder.differences(components));
    } catch (BackupException e) {
      problems.add(new Problem("restore", DrillFolder.problem(e)));
    }
    return folder;
  }

  private void boot(TrialServer server, String what, DrillFolder folder) throws IOException {
    run.enter(Phase.BOOT, Component.VECTORS);
    server.start(folder.trialFolders(), run.context());
    accept(
        new Trial(server, what, IdFolder.of(run.context()))
            .run(folder.expected(summary, components), request.patience()));
  }

  /**
   * What an engine cannot make out of a storage that it was never tried with says nothing of the
   * backup.
   */
  private void open(StorageEngine engine, DrillFolder folder) throws IOException {
    run.enter(Phase.BOOT, Component.VECTORS);
    Expected expected = folder.expected(summary, components);
    Findings findings = new Findings(expected, IdFolder.of(run.context()));
    try (EngineJudge judge =
        new EngineJudge(
            engine, folder.trialFolders(), expected, run.context(), request.patience())) {
      findings.compare(judge);
    } catch (NoVerdict e) {
      if (Trial.isOfItsOwn(e.kind()) || request.engine().orElseThrow().required()) {
        throw e;
      }
      notBooted.add(e.getMessage());
      return;
    } catch (BackupException e) {
      if (Trial.isOfItsOwn(e.kind()) || e.kind() == Kind.FAILED) {
        throw e;
      }
      findings.problem(e.getMessage());
    }
    Optional<String> untried =
        expected.stated().text("qdrantVersion").filter(made -> !engine.wasTriedWith(made));
    if (untried.isPresent() && !findings.problems().isEmpty()) {
      notBooted.add(
          engine.describe()
              + ", was never tried with the storage of Qdrant "
              + untried.get()
              + ", and says: "
              + findings.problems().get(0).message());
    } else {
      accept(findings);
    }
  }

  private void accept(Findings findings) {
    problems.addAll(findings.problems());
    findings.warnings().forEach(run::warn);
    seen = findings.seen();
  }

  private Optional<Component> vectors() {
    return components.stream().filter(c -> c.component().equals(Component.VECTORS)).findFirst();
  }

  /** The proof of an encrypted backup names no collection and no number. */
  private Proof.Seen visible(Proof.Seen all) {
    return summary.manifest().flatMap(Manifest::encryption).isEmpty()
        ? all
        : new Proof.Seen(all.by(), all.version(), Map.of(), OptionalLong.empty(), 0);
  }

  private DrillReport finish(Optional<String> manifestDigest) {
    Outcome outcome = outcome();
    boolean recorded = false;
    ProofFile file = new ProofFile(run.target(), summary.name());
    try {
      if (outcome == Outcome.PROVEN && manifestDigest.isEmpty()) {
        run.warn(notRecorded("the backup has no manifest to bind the record to"));
      } else if (outcome == Outcome.PROVEN) {
        file.write(
            new Proof(
                run.clock().instant(),
                ToolIdentity.NAME_AND_VERSION,
                visible(seen.orElseThrow()),
                manifestDigest.orElseThrow()));
        recorded = true;
      } else if (outcome == Outcome.FAILED && summary.files().contains(Proof.FILE_NAME)) {
        file.remove();
      }
    } catch (IOException e) {
      run.warn(notRecorded(String.valueOf(e.getMessage())));
    }
    return new DrillReport(
        summary.name(),
        outcome,
        restored,
        seen,
        notBooted.isEmpty() || seen.isPresent()
            ? Optional.empty()
            : Optional.of(String.join("; ", notBooted)),
        problems,
        recorded,
        run.warnings(),
        run.elapsed());
  }

  private static Warning notRecorded(String reason) {
    return new Warning("proof-not-recorded", reason);
  }

  private Outcome outcome() {
    if (!problems.isEmpty()) {
      return Outcome.FAILED;
    }
    return seen.isPresent() ? Outcome.PROVEN : Outcome.PARTLY;
  }
}
