package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.crosscheck.Tally.Outcome;
import dev.openmemory.backup.internal.qdrant.MemoryCollection;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.verify.CrossCheck;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** One look at the rows of a database with the points of a collection beside it. */
public final class Comparison {
  private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{32}");

  private final String collection;
  private final PointIds points;
  private final BitSet known = new BitSet();
  private final Tally tally = new Tally();

  private Comparison(String collection, PointIds points) {
    this.collection = collection;
    this.points = points;
  }

  /** The collection of the memories of the database, if it is one of these. */
  public static Optional<String> collection(Memories memories, Collection<String> present)
      throws IOException {
    return MemoryCollection.of(memories.collection()).in(present);
  }

  /** Compares. */
  public static CrossCheck of(
      Memories memories,
      String collection,
      PointIds points,
      boolean oneInstant,
      Cancellation cancellation)
      throws IOException {
    Comparison comparison = new Comparison(collection, points);
    memories.each(comparison::row, cancellation);
    comparison.pointsWithoutRow();
    return comparison.result(oneInstant);
  }

  private void row(String text, boolean deleted, String user) {
    Optional<UUID> parsed = id(text);
    if (parsed.isEmpty()) {
      if (!deleted) {
        tally.add(Outcome.WITHOUT_VECTOR, text, user);
      }
      return;
    }
    UUID id = parsed.get();
    if (!points.sample().holds(id)) {
      return;
    }
    int at = points.find(id);
    if (at >= 0) {
      known.set(at);
      tally.add(deleted ? Outcome.OF_DELETED : Outcome.MATCHED, id.toString(), user);
    } else if (!deleted) {
      tally.add(Outcome.WITHOUT_VECTOR, id.toString(), user);
    }
  }

  /** The id of a row as its point has it; empty when no point can have it. */
  static Optional<UUID> id(String text) {
    String digits = text.replace("-", "");
    return ID.matcher(digits).matches()
        ? Optional.of(
            new UUID(
                Long.parseUnsignedLong(digits.substring(0, 16), 16),
                Long.parseUnsignedLong(digits.substring(16), 16)))
        : Optional.empty();
  }

  private void pointsWithoutRow() {
    for (int at = known.nextClearBit(0); at < points.size(); at = known.nextClearBit(at + 1)) {
      tally.add(Outcome.WITHOUT_MEMORY, points.id(at).toString(), points.user(at));
    }
    tally.add(Outcome.WITHOUT_MEMORY, points.numbers());
  }

  private CrossCheck result(boolean oneInstant) {
    return new CrossCheck(
        collection,
        tally.count(Outcome.MATCHED) + tally.count(Outcome.WITHOUT_VECTOR),
        points.total(),
        tally.count(Outcome.MATCHED),
        tally.difference(Outcome.WITHOUT_VECTOR),
        tally.difference(Outcome.WITHOUT_MEMORY),
        tally.difference(Outcome.OF_DELETED),
        Optional.empty(),
        tally.users(),
        !points.sample().isAll(),
        oneInstant);
  }
}
