package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.CrossCheck.Difference;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what is found, in all and for each user. */
final class Tally {
  private static final int FIRST = 10;

  /** What can become of an id. */
  enum Outcome {
    MATCHED,
    WITHOUT_VECTOR,
    WITHOUT_MEMORY,
    OF_DELETED
  }

  private final Map<Outcome, List<String>> first = new EnumMap<>(Outcome.class);
  private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
  private final Map<String, Map<Outcome, Long>> users = new TreeMap<>();

  void add(Outcome outcome, String id, String user) {
    add(outcome, 1);
    users.computeIfAbsent(user, name -> new EnumMap<>(Outcome.class)).merge(outcome, 1L, Long::sum);
    List<String> named = first.computeIfAbsent(outcome, key -> new ArrayList<>());
    if (outcome != Outcome.MATCHED && named.size() < FIRST) {
      named.add(id);
    }
  }

  /** Ids that nobody needs to be told. */
  void add(Outcome outcome, long count) {
    counts.merge(outcome, count, Long::sum);
  }

  long count(Outcome outcome) {
    return counts.getOrDefault(outcome, 0L);
  }

  Difference difference(Outcome outcome) {
    return new Difference(count(outcome), first.getOrDefault(outcome, List.of()));
  }

  Map<String, CrossCheck.User> users() {
    Map<String, CrossCheck.User> result = new LinkedHashMap<>();
    users.forEach((name, counted) -> result.put(name, user(counted)));
    return result;
  }

  private static CrossCheck.User user(Map<Outcome, Long> counted) {
    return new CrossCheck.User(
        counted.getOrDefault(Outcome.MATCHED, 0L),
        counted.getOrDefault(Outcome.WITHOUT_VECTOR, 0L),
        counted.getOrDefault(Outcome.WITHOUT_MEMORY, 0L),
        counted.getOrDefault(Outcome.OF_DELETED, 0L));
  }
}
