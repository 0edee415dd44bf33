package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.internal.crosscheck.Tally.Outcome;
import dev.openmemory.backup.internal.qdrant.MemoryCollection;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.verify.CrossCheck;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** One look at the rows of a database with the points of a collection beside it. */
public final class Comparison {
  private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{32}");

  private final PointIds points;
  private final SortedIds rows;
  private final Names users = new Names();
  private final Tally tally = new Tally();
  private long order;

  private Comparison(PointIds points, SortedIds rows) {
    this.points = points;
    this.rows = rows;
  }

  /** The collection of the memories of the database; empty when it has none of OpenMemory's. */
  public static Optional<String> collection(Memories memories) throws IOException {
    return memories.arePresent()
        ? Optional.of(MemoryCollection.of(memories.collection()).name())
        : Optional.empty();
  }

  /**
   * Compares.
   *
   * @param folder for ids of rows that do not fit into memory
   */
  public static CrossCheck of(
      Memories memories, PointIds points, boolean oneInstant, IdFolder folder) throws IOException {
    try (SortedIds rows = folder.ids()) {
      Comparison comparison = new Comparison(points, rows);
      memories.each(comparison::row, folder.cancellation());
      comparison.run();
      return comparison.result(oneInstant);
    }
  }

  /** An id that no point can have is counted at once. */
  private void row(String text, boolean deleted, String user) throws IOException {
    Optional<UUID> id = id(text);
    if (id.isPresent()) {
      rows.add(new IdEntry(id.get(), order, (long) users.number(user) << 1 | (deleted ? 1 : 0)));
    } else if (!deleted) {
      tally.add(Outcome.WITHOUT_VECTOR, order, () -> text, user);
    }
    order++;
  }

  /** The id of a row as its point has it; empty when no point can have it. */
  static Optional<UUID> id(String text) {
    String digits = text.replace("-", "");
    return ID.matcher(digits).matches()
        ? Optional.of(
            new UUID(
                Long.parseUnsignedLong(digits, 0, 16, 16),
                Long.parseUnsignedLong(digits, 16, 32, 16)))
        : Optional.empty();
  }

  private void run() throws IOException {
    try (IdStream known = points.sorted();
        IdStream wanted = rows.sorted()) {
      new Tallying().run(wanted, known);
    }
    tally.of(Outcome.WITHOUT_MEMORY).add(points.numbers());
  }

  private final class Tallying implements IdJoin {
    @Override
    public void both(IdEntry row, IdEntry point) {
      add(isDeleted(row) ? Outcome.OF_DELETED : Outcome.MATCHED, row);
    }

    @Override
    public void row(IdEntry row) {
      if (!isDeleted(row)) {
        add(Outcome.WITHOUT_VECTOR, row);
      }
    }

    @Override
    public void point(IdEntry point) {
      long place = tally.count(Outcome.WITHOUT_MEMORY);
      tally.add(Outcome.WITHOUT_MEMORY, place, () -> point.id().toString(), points.user(point));
    }

    private static boolean isDeleted(IdEntry row) {
      return (row.value() & 1) != 0;
    }

    private void add(Outcome outcome, IdEntry row) {
      String user = users.name((int) (row.value() >>> 1));
      tally.add(outcome, row.order(), () -> row.id().toString(), user);
    }
  }

  private CrossCheck result(boolean oneInstant) {
    return new CrossCheck(
        points.collection(),
        tally.count(Outcome.MATCHED) + tally.count(Outcome.WITHOUT_VECTOR),
        points.total(),
        tally.count(Outcome.MATCHED),
        tally.difference(Outcome.WITHOUT_VECTOR),
        tally.difference(Outcome.WITHOUT_MEMORY),
        tally.difference(Outcome.OF_DELETED),
        Optional.empty(),
        tally.users(),
        oneInstant);
  }
}
