package dev.openmemory.backup.verify;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Warning;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether memories and vectors belong together. OpenMemory gives a memory's row and its point one
 * id; a deleted memory has no point, and paused and archived ones keep theirs. Ids are compared,
 * and texts only on request.
 *
 * @param collection that was compared
 * @param memories rows that are not deleted, of those compared
 * @param points in the collection
 * @param matched memories that have their vector
 * @param withoutVector memories that no search will ever find
 * @param withoutMemory points that no row knows
 * @param ofDeleted points of deleted rows
 * @param otherText memories with another text than their point, as after an update of one half;
 *     empty when only ids were compared
 * @param users by the id that OpenMemory knows them by; points are counted for the user that their
 *     payload names
 * @param oneInstant whether both sides are of one instant; otherwise what was written between the
 *     two looks shows as a difference
 */
public record CrossCheck(
    String collection,
    long memories,
    long points,
    long matched,
    Difference withoutVector,
    Difference withoutMemory,
    Difference ofDeleted,
    Optional<Difference> otherText,
    Map<String, User> users,
    boolean oneInstant) {

  /** The name of it among the facts of the vectors. */
  public static final String FACT = "crossCheck";

  /** Copies the map. */
  public CrossCheck {
    users = Collections.unmodifiableMap(new LinkedHashMap<>(users));
  }

  /**
   * Ids that differ between the two sides.
   *
   * @param first ids, at most ten
   */
  public record Difference(long count, List<String> first) {
    /** Copies the list. */
    public Difference {
      first = List.copyOf(first);
    }

    /** The first ids and how many more there are. */
    public String named() {
      long more = count - first.size();
      String others = more <= 0 ? "" : first.isEmpty() ? more + " ids" : " and " + more + " more";
      return String.join(", ", first) + others;
    }
  }

  /** The same for one user, by number. */
  public record User(long matched, long withoutVector, long withoutMemory, long ofDeleted) {}

  /** The same with the texts compared too. */
  public CrossCheck withOtherText(Difference found) {
    return new CrossCheck(
        collection,
        memories,
        points,
        matched,
        withoutVector,
        withoutMemory,
        ofDeleted,
        Optional.of(found),
        users,
        oneInstant);
  }

  /** Whether every memory has its vector. */
  public boolean everyMemoryHasItsVector() {
    return withoutVector.count() == 0;
  }

  /** What a person should know: memories that no search will ever find. */
  public Optional<Warning> warning() {
    if (everyMemoryHasItsVector()) {
      return Optional.empty();
    }
    long count = withoutVector.count();
    String subject = count == 1 ? "1 memory has" : count + " memories have";
    String caveat = oneInstant ? "" : "; other programs may have written in between";
    return Optional.of(
        new Warning(
            "memories-without-vector",
            subject
                + " no vector in collection "
                + collection
                + ": "
                + withoutVector.named()
                + caveat));
  }

  /** As the facts of the vectors in a manifest state it, if they do. */
  public static Optional<CrossCheck> in(Facts vectors) {
    if (!(vectors.values().get(FACT) instanceof Map<?, ?> map)) {
      return Optional.empty();
    }
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((name, value) -> values.put(String.valueOf(name), value));
    Facts facts = new Facts(values);
    Map<String, User> users = new LinkedHashMap<>();
    if (values.get("users") instanceof Map<?, ?> byUser) {
      byUser.keySet().forEach(name -> users.put(String.valueOf(name), user(facts, name)));
    }
    return Optional.of(
        new CrossCheck(
            facts.text("collection").orElse(""),
            facts.number("memories").orElse(0),
            facts.number("points").orElse(0),
            facts.number("matched").orElse(0),
            difference(facts, "withoutVector"),
            difference(facts, "withoutMemory"),
            difference(facts, "ofDeleted"),
            values.containsKey("otherText")
                ? Optional.of(difference(facts, "otherText"))
                : Optional.empty(),
            users,
            Boolean.TRUE.equals(values.get("oneInstant"))));
  }

  private static User user(Facts facts, Object name) {
    String key = String.valueOf(name);
    return new User(
        facts.number("users", key, "matched").orElse(0),
        facts.number("users", key, "withoutVector").orElse(0),
        facts.number("users", key, "withoutMemory").orElse(0),
        facts.number("users", key, "ofDeleted").orElse(0));
  }

  private static Difference difference(Facts facts, String name) {
    return new Difference(facts.number(name, "count").orElse(0), facts.texts(name, "first"));
  }

  /** As it stands in the manifest. */
  public Map<String, Object> toFacts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("collection", collection);
    facts.put("memories", memories);
    facts.put("points", points);
    facts.put("matched", matched);
    facts.put("withoutVector", toFacts(withoutVector));
    facts.put("withoutMemory", toFacts(withoutMemory));
    facts.put("ofDeleted", toFacts(ofDeleted));
    otherText.ifPresent(difference -> facts.put("otherText", toFacts(difference)));
    Map<String, Object> byUser = new LinkedHashMap<>();
    users.forEach(
        (name, user) ->
            byUser.put(
                name,
                Map.of(
                    "matched", user.matched(),
                    "withoutVector", user.withoutVector(),
                    "withoutMemory", user.withoutMemory(),
                    "ofDeleted", user.ofDeleted())));
    facts.put("users", byUser);
    facts.put("oneInstant", oneInstant);
    return facts;
  }

  private static Map<String, Object> toFacts(Difference difference) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("count", difference.count());
    facts.put("first", difference.first());
    return facts;
  }
}
