package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillReport.Outcome;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.internal.catalog.BackupVerifier;
import dev.openmemory.backup.internal.catalog.ProofFile;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.run.ToolIdentity;
import dev.openmemory.backup.spi.TrialServer;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One drill under way: the server made sure of, all restored to a private folder, the server
 * started on it and asked, both removed, and the result recorded.
 */
final class DrillAttempt {
  private static final String VECTORS = "vectors";
  private static final Set<Kind> NOT_HERE =
      Set.of(Kind.NOT_FOUND, Kind.UNAVAILABLE, Kind.DENIED, Kind.TIMEOUT, Kind.UNSUPPORTED);

  private final Run run;
  private final BackupSummary summary;
  private final DrillRequest request;
  private final List<Component> components;
  private final List<Problem> problems = new ArrayList<>();
  private List<String> restored = List.of();
  private Optional<Proof.Seen> seen = Optional.empty();
  private Optional<String> notBooted = Optional.empty();

  DrillAttempt(Run run, BackupSummary summary, DrillRequest request) {
    this.run = run;
    this.summary = summary;
    this.request = request;
    this.components = BackupVerifier.components(summary);
  }

  DrillReport run() throws IOException {
    if (summary.state() == State.DAMAGED) {
      problems.add(new Problem(summary.name().value(), summary.problem().orElse("damaged")));
      return finish(Optional.empty());
    }
    Optional<String> digest =
        summary.manifest().isPresent()
            ? Optional.of(ProofFile.digest(new ProofFile(run.target(), summary.name()).manifest()))
            : Optional.empty();
    if (request.server().isEmpty()) {
      notBooted = Optional.of("no Qdrant to start was named");
      restore();
    } else {
      try (TrialServer server = run.trials().open(request.server().get())) {
        Optional<String> what = prepare(server, request.server().get());
        DrillFolder folder = restore();
        if (what.isPresent() && problems.isEmpty()) {
          boot(server, what.get(), folder);
        }
      }
    }
    return finish(digest);
  }

  /** What will be started; empty when that cannot be done here and need not be. */
  private Optional<String> prepare(TrialServer server, DrillRequest.Server chosen)
      throws IOException {
    Optional<Component> vectors = vectors();
    if (vectors.isEmpty()) {
      notBooted = Optional.of("the backup has no vectors");
      return Optional.empty();
    }
    if (isOfCluster(vectors.get())) {
      notBooted = Optional.of("the snapshots are of several nodes, and one would be started");
      return Optional.empty();
    }
    run.enter(Phase.PREFLIGHT, "Qdrant");
    try {
      return Optional.of(server.prepare(vectors.get().facts(), run.context()));
    } catch (BackupException e) {
      if (chosen.required() || !NOT_HERE.contains(e.kind())) {
        throw e;
      }
      notBooted = Optional.of(e.getMessage());
      return Optional.empty();
    }
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
    run.enter(Phase.BOOT, VECTORS);
    Trial trial = new Trial(server, what, run.context().cancellation());
    server.start(folder.trialFolders(), run.context());
    trial.run(folder.expected(summary, components), request.patience());
    problems.addAll(trial.problems());
    trial.warnings().forEach(run::warn);
    seen = trial.seen();
  }

  private Optional<Component> vectors() {
    return components.stream().filter(c -> c.component().equals(VECTORS)).findFirst();
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
                seen.orElseThrow(),
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
        notBooted,
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
