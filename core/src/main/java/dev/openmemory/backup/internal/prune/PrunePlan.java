package dev.openmemory.backup.internal.prune;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.retention.Retention;
import dev.openmemory.backup.internal.retention.Retention.Candidate;
import dev.openmemory.backup.prune.PruneReport.Decision;
import dev.openmemory.backup.prune.PruneReport.Outcome;
import dev.openmemory.backup.prune.PruneRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides about the backups of one installation: the policy, and the brakes that it has. */
final class PrunePlan {
  /** Clocks of two hosts may differ a little. */
  private static final Duration FUTURE = Duration.ofDays(1);

  private final PruneRequest request;
  private final Instant now;
  private final List<BackupSummary> backups;
  private final Map<BackupName, List<String>> kept = new HashMap<>();
  private Optional<Warning> blocked = Optional.empty();

  /**
   * Decides.
   *
   * @param backups of one installation, or all those without a manifest
   * @throws BackupException of kind {@code INVALID} when nothing would be left
   */
  PrunePlan(PruneRequest request, Instant now, List<BackupSummary> backups) throws BackupException {
    this.request = request;
    this.now = now;
    this.backups =
        backups.stream()
            .sorted(
                Comparator.comparing(BackupSummary::created)
                    .thenComparing(BackupSummary::name)
                    .reversed())
            .toList();
    decide();
  }

  List<Decision> decisions() {
    return backups.stream().map(this::decision).toList();
  }

  /** That nothing is removed, and why. */
  Optional<Warning> blocked() {
    return blocked;
  }

  private void decide() throws BackupException {
    List<BackupSummary> judged = new ArrayList<>();
    for (BackupSummary backup : backups) {
      Optional<String> untouchable = untouchable(backup);
      if (untouchable.isPresent()) {
        keep(backup, untouchable.get());
      } else {
        judged.add(backup);
      }
      backup.pinned().ifPresent(since -> keep(backup, "pinned"));
    }
    Map<String, List<String>> reasons =
        Retention.reasons(request.policy(), judged.stream().map(this::candidate).toList());
    for (BackupSummary backup : judged) {
      reasons.getOrDefault(backup.name().value(), List.of()).forEach(r -> keep(backup, r));
    }
    requireSomeLeft(judged);
    if (!request.allowDeleteAll()) {
      keepTheLastOfEachComponent(judged.stream().filter(PrunePlan::counts).toList(), "");
    }
    if (!request.allowDeleteProven()) {
      keepTheLastOfEachComponent(
          backups.stream().filter(b -> b.proof().isPresent() && counts(b)).toList(), "proven ");
    }
    blockAfterSuspicious();
  }

  private Optional<String> untouchable(BackupSummary backup) {
    if (backup.created().isAfter(now.plus(FUTURE))) {
      return Optional.of("its time is in the future");
    }
    if (backup.state() == State.UNVERIFIED && !request.includeUnverified()) {
      return Optional.of("without a manifest");
    }
    if (backup.state() == State.DAMAGED && backup.manifest().isEmpty()) {
      return Optional.of("damaged, and of an unknown installation");
    }
    return Optional.empty();
  }

  private Candidate candidate(BackupSummary backup) {
    return new Candidate(
        backup.name().value(),
        backup.created(),
        counts(backup),
        backup.manifest().map(Manifest::tags).orElse(Set.of()),
        components(backup));
  }

  private static Set<String> components(BackupSummary backup) {
    return StoredBackup.components(backup).stream()
        .map(Component::component)
        .collect(Collectors.toSet());
  }

  private static boolean counts(BackupSummary backup) {
    return backup.problem().isEmpty() && !backup.suspicious();
  }

  private void requireSomeLeft(List<BackupSummary> judged) throws BackupException {
    List<BackupSummary> counting = judged.stream().filter(PrunePlan::counts).toList();
    boolean noneLeft =
        kept.isEmpty() || (!counting.isEmpty() && counting.stream().noneMatch(this::isKept));
    if (noneLeft && !judged.isEmpty() && !request.allowDeleteAll()) {
      throw Kind.INVALID.failure(
          "prune",
          judged.get(0).manifest().map(m -> "installation " + m.installationId()).orElse(""),
          "no usable backup would be left of " + backups.size());
    }
  }

  /** A backup of fewer components does not replace one of more. */
  private void keepTheLastOfEachComponent(List<BackupSummary> newestFirst, String kind) {
    Set<String> components = new TreeSet<>();
    newestFirst.forEach(backup -> components.addAll(components(backup)));
    for (String component : components) {
      List<BackupSummary> holders =
          newestFirst.stream().filter(b -> components(b).contains(component)).toList();
      if (holders.stream().noneMatch(this::isKept)) {
        keep(holders.get(0), "the last " + kind + "backup that holds " + component);
      }
    }
  }

  private void blockAfterSuspicious() {
    Optional<BackupSummary> suspicious =
        newestOfEachComponent().filter(BackupSummary::suspicious).findFirst();
    if (suspicious.isEmpty() || request.allowSuspicious()) {
      return;
    }
    String name = suspicious.get().name().value();
    List<BackupSummary> spared = backups.stream().filter(b -> !isKept(b)).toList();
    spared.forEach(backup -> keep(backup, "the newest backup, " + name + ", is suspicious"));
    if (!spared.isEmpty()) {
      blocked =
          Optional.of(
              new Warning(
                  "prune-blocked",
                  "nothing is removed, because the newest backup, "
                      + name
                      + ", is much smaller than the previous one"));
    }
  }

  /** The newest complete backup of each component: one of fewer components hides nothing. */
  private Stream<BackupSummary> newestOfEachComponent() {
    Set<String> seen = new HashSet<>();
    return backups.stream()
        .filter(backup -> backup.state() == State.COMPLETE)
        .filter(backup -> seen.addAll(components(backup)));
  }

  private boolean isKept(BackupSummary backup) {
    return kept.containsKey(backup.name());
  }

  private void keep(BackupSummary backup, String reason) {
    kept.computeIfAbsent(backup.name(), n -> new ArrayList<>()).add(reason);
  }

  private Decision decision(BackupSummary backup) {
    return new Decision(
        backup.name(),
        backup.manifest().map(Manifest::installationId),
        backup.created(),
        backup.storedBytes(),
        isKept(backup) ? Outcome.KEPT : Outcome.REMOVED,
        kept.getOrDefault(backup.name(), List.of("not kept by any rule")));
  }
}
