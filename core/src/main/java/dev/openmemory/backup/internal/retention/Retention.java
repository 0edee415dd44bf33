package dev.openmemory.backup.internal.retention;

import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.prune.RetentionPolicy.Interval;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Applies a policy to the backups of one installation. */
public final class Retention {
  private static final Comparator<Candidate> NEWEST_FIRST =
      Comparator.comparing(Candidate::created).thenComparing(Candidate::name).reversed();

  private Retention() {}

  /**
   * A backup, as far as a policy looks at it.
   *
   * @param counts whether it takes the place of another one. One that cannot be trusted does not:
   *     it is kept where it would be kept if it counted, and pushes nothing out
   * @param components what it holds: it takes the place of no backup that holds more
   */
  public record Candidate(
      String name, Instant created, boolean counts, Set<String> tags, Set<String> components) {}

  /**
   * The rules that keep each backup; none for a backup that the policy does not keep.
   *
   * @return for each name, the rules for people: {@code daily 2026-01-31}
   */
  public static Map<String, List<String>> reasons(
      RetentionPolicy policy, List<Candidate> candidates) {
    Map<String, List<String>> reasons = new LinkedHashMap<>();
    candidates.stream()
        .sorted(NEWEST_FIRST)
        .forEach(candidate -> reasons.put(candidate.name(), List.of()));
    Set<Set<String>> contents =
        candidates.stream().map(Candidate::components).collect(Collectors.toSet());
    for (Set<String> content : contents) {
      List<Candidate> rivals =
          candidates.stream()
              .filter(candidate -> candidate.components().containsAll(content))
              .sorted(NEWEST_FIRST)
              .toList();
      reasons.putAll(reasonsOf(content, policy, rivals));
    }
    return reasons;
  }

  /** The rules that keep the backups with exactly this content. They compete with all rivals. */
  private static Map<String, List<String>> reasonsOf(
      Set<String> content, RetentionPolicy policy, List<Candidate> rivals) {
    Map<String, List<String>> ofAll = apply(policy, rivals);
    Map<String, List<String>> ofCounting =
        apply(policy, rivals.stream().filter(Candidate::counts).toList());
    Map<String, List<String>> reasons = new HashMap<>();
    for (Candidate candidate : rivals) {
      if (candidate.components().equals(content)) {
        Map<String, List<String>> decided = candidate.counts() ? ofCounting : ofAll;
        reasons.put(candidate.name(), decided.getOrDefault(candidate.name(), List.of()));
      }
    }
    return reasons;
  }

  private static Map<String, List<String>> apply(
      RetentionPolicy policy, List<Candidate> newestFirst) {
    Map<String, List<String>> kept = new HashMap<>();
    newestFirst.stream()
        .limit(policy.last())
        .forEach(candidate -> keep(kept, candidate, "last " + policy.last()));
    policy
        .periods()
        .forEach((interval, count) -> newestOfEach(kept, policy, interval, count, newestFirst));
    within(kept, policy, newestFirst);
    for (Candidate candidate : newestFirst) {
      candidate.tags().stream()
          .filter(policy.tags()::contains)
          .sorted()
          .forEach(tag -> keep(kept, candidate, "tag " + tag));
    }
    return kept;
  }

  private static void newestOfEach(
      Map<String, List<String>> kept,
      RetentionPolicy policy,
      Interval interval,
      int count,
      List<Candidate> newestFirst) {
    Set<String> seen = new HashSet<>();
    for (Candidate candidate : newestFirst) {
      String period = Periods.name(interval, candidate.created(), policy.zone());
      if (seen.size() < count && seen.add(period)) {
        keep(kept, candidate, period);
      }
    }
  }

  private static void within(
      Map<String, List<String>> kept, RetentionPolicy policy, List<Candidate> newestFirst) {
    if (policy.within().isEmpty() || newestFirst.isEmpty()) {
      return;
    }
    ZonedDateTime newest = newestFirst.get(0).created().atZone(policy.zone());
    Instant oldest = newest.minus(policy.within().get()).toInstant();
    String reason = "within " + policy.within().get();
    newestFirst.stream()
        .filter(candidate -> !candidate.created().isBefore(oldest))
        .forEach(candidate -> keep(kept, candidate, reason));
  }

  private static void keep(Map<String, List<String>> kept, Candidate candidate, String reason) {
    kept.computeIfAbsent(candidate.name(), n -> new ArrayList<>()).add(reason);
  }
}
