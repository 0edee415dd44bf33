package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.CrossCheck.Difference;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Counts what is found, in all and for each user. */
final class Tally {
  /** What can become of an id. */
  enum Outcome {
    MATCHED,
    WITHOUT_VECTOR,
    WITHOUT_MEMORY,
    OF_DELETED
  }

  private final Map<Outcome, FirstIds> found = new EnumMap<>(Outcome.class);
  private final Map<String, Map<Outcome, Long>> users = new TreeMap<>();

  Tally() {
    for (Outcome outcome : Outcome.values()) {
      found.put(outcome, new FirstIds());
    }
  }

  void add(Outcome outcome, long order, Supplier<String> id, String user) {
    of(outcome).add(order, id);
    users.computeIfAbsent(user, name -> new EnumMap<>(Outcome.class)).merge(outcome, 1L, Long::sum);
  }

  FirstIds of(Outcome outcome) {
    return Objects.requireNonNull(found.get(outcome));
  }

  long count(Outcome outcome) {
    return of(outcome).count();
  }

  Difference difference(Outcome outcome) {
    return of(outcome).difference();
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
