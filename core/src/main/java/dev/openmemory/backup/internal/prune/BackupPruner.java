package dev.openmemory.backup.internal.prune;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.BackupRemover;
import dev.openmemory.backup.internal.lock.RunLock;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneReport.Decision;
import dev.openmemory.backup.prune.PruneReport.Outcome;
import dev.openmemory.backup.prune.PruneRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Removes the backups that a policy does not keep, one installation after the other. */
public record BackupPruner(Run.Settings settings) {
  public PruneReport prune(PruneRequest request) throws IOException {
    if (request.policy().isEmpty() && !request.allowDeleteAll()) {
      throw Kind.INVALID.failure(
          "prune", settings.store().location(), "Nothing pruned: no --keep-* rule was given.");
    }
    try (Run run = request.dryRun() ? Run.reading(settings) : Run.writing(settings)) {
      run.enter(Phase.PRUNE, "backups");
      if (!request.dryRun()) {
        BackupRemover.sweep(run, run.target());
      }
      Map<Optional<String>, PrunePlan> plans = new LinkedHashMap<>();
      // All of them before the first deletion: a policy that would leave nothing deletes nothing.
      for (Map.Entry<Optional<String>, List<BackupSummary>> group :
          groups(run, request).entrySet()) {
        plans.put(group.getKey(), new PrunePlan(request, run.clock().instant(), group.getValue()));
      }
      List<Decision> decisions = new ArrayList<>();
      for (Map.Entry<Optional<String>, PrunePlan> plan : plans.entrySet()) {
        plan.getValue().blocked().ifPresent(run::warn);
        boolean look = request.dryRun() || removed(plan.getValue().decisions()).isEmpty();
        decisions.addAll(
            look ? plan.getValue().decisions() : carryOut(run, request, plan.getKey()));
      }
      return new PruneReport(
          run.target().location(),
          request.dryRun(),
          request.policy().zone(),
          decisions,
          run.warnings(),
          run.elapsed());
    }
  }

  private static Map<Optional<String>, List<BackupSummary>> groups(Run run, PruneRequest request)
      throws IOException {
    Map<Optional<String>, List<BackupSummary>> groups = new LinkedHashMap<>();
    for (BackupSummary backup : BackupCatalog.of(run).list()) {
      Optional<String> id = backup.manifest().map(Manifest::installationId);
      if (request.installationId().isEmpty() || request.installationId().equals(id)) {
        groups.computeIfAbsent(id, i -> new ArrayList<>()).add(backup);
      }
    }
    return groups;
  }

  /** Decides anew under the lock, since others may have been at work until then. */
  private static List<Decision> carryOut(
      Run run, PruneRequest request, Optional<String> installation) throws IOException {
    String id = installation.orElse("");
    try (RunLock lock = RunLock.acquire(run, run.target(), id, "prune", Optional.empty())) {
      List<BackupSummary> backups = groups(run, request).getOrDefault(installation, List.of());
      PrunePlan plan = new PrunePlan(request, run.clock().instant(), backups);
      plan.blocked().ifPresent(run::warn);
      List<Decision> decisions = new ArrayList<>(plan.decisions());
      // The oldest goes first, so that what is left after an end in the midst is the newest.
      for (int i = decisions.size() - 1; i >= 0; i--) {
        if (decisions.get(i).outcome() == Outcome.REMOVED) {
          run.checkCancelled();
          lock.requireHeld();
          decisions.set(i, remove(run, decisions.get(i)));
        }
      }
      return decisions;
    }
  }

  private static List<Decision> removed(List<Decision> decisions) {
    return decisions.stream().filter(d -> d.outcome() == Outcome.REMOVED).toList();
  }

  /** What concerns this backup alone is its outcome; what concerns all ends the prune. */
  private static Decision remove(Run run, Decision decision) throws IOException {
    try {
      BackupSummary now = BackupCatalog.of(run).find(decision.name());
      if (now.pinned().isPresent()) {
        return decision.but(Outcome.KEPT, "pinned meanwhile");
      }
      if (!now.created().equals(decision.created())) {
        return decision.but(Outcome.KEPT, "replaced meanwhile");
      }
      new BackupRemover(run.target(), run.clock()).delete(decision.name());
      return decision;
    } catch (BackupException e) {
      return switch (e.kind()) {
        case NOT_FOUND -> decision;
        case DENIED, LOCKED -> decision.but(Outcome.NOT_REMOVED, e.fact());
        default -> throw e;
      };
    }
  }
}
