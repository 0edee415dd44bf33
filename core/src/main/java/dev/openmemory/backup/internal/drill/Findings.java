package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.internal.crosscheck.Comparison;
import dev.openmemory.backup.internal.crosscheck.IdFolder;
import dev.openmemory.backup.internal.crosscheck.PointIds;
import dev.openmemory.backup.internal.qdrant.Examined;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a judge shows of a restored store, compared with what the backup states. */
final class Findings {
  private static final String SUBJECT = Component.VECTORS;

  private final Expected expected;
  private final IdFolder folder;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();
  private Optional<Proof.Seen> seen = Optional.empty();

  Findings(Expected expected, IdFolder folder) {
    this.expected = expected;
    this.folder = folder;
  }

  /** What is wrong; empty when it showed what it should. */
  List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** What a person should look at although it is not the backup's fault. */
  List<Warning> warnings() {
    return List.copyOf(warnings);
  }

  /** What was shown; empty when it did not come so far. */
  Optional<Proof.Seen> seen() {
    return seen;
  }

  void problem(String text) {
    problems.add(new Problem(SUBJECT, text));
  }

  void warn(String code, String text) {
    warnings.add(new Warning(code, text));
  }

  /** Counts always; keeps the ids where they are compared. */
  private final class Counted implements Judge.Reader, Closeable {
    private final String collection;
    private final boolean kept;
    private long count;
    private Optional<PointIds> ids = Optional.empty();

    Counted(String collection, boolean kept) {
      this.collection = collection;
      this.kept = kept;
    }

    @Override
    public void count(long points) {
      count = points;
      ids = kept ? Optional.of(PointIds.in(folder, collection)) : Optional.empty();
    }

    @Override
    public void point(Point point) throws IOException {
      if (ids.isPresent()) {
        ids.get().take(point);
      }
    }

    @Override
    public void close() throws IOException {
      if (ids.isPresent()) {
        ids.get().close();
      }
    }
  }

  /** Asks the judge for all that can be compared. */
  void compare(Judge judge) throws IOException {
    List<String> shown = compareCollections(judge.collections());
    Optional<Memories> memories = memories();
    Optional<String> theirs =
        memories.isPresent()
            ? Comparison.collection(memories.get()).filter(shown::contains)
            : Optional.empty();
    Map<String, Long> points = new TreeMap<>();
    OptionalLong matched = OptionalLong.empty();
    long searched = 0;
    for (String collection : shown) {
      try (Counted counted =
          new Counted(collection, theirs.filter(collection::equals).isPresent())) {
        Examined examined = judge.examine(collection, counted);
        points.put(collection, counted.count);
        searched += examined.searched();
        compareCount(collection, counted.count);
        compareVectors(collection, counted.count, examined, judge.requiresVectors(collection));
        if (counted.ids.isPresent()) {
          matched = compareIds(memories.orElseThrow(), collection, counted.ids.get());
        }
      }
    }
    if (memories.isPresent() && theirs.isEmpty()) {
      warn("ids-not-compared", "which of " + shown + " has the memories?");
    }
    seen =
        Optional.of(new Proof.Seen(judge.describe(), judge.version(), points, matched, searched));
  }

  private Optional<Memories> memories() throws IOException {
    Optional<Memories> restored =
        expected.database().map(file -> new Memories(file, StagedDatabase.NAME));
    return restored.isPresent() && restored.get().arePresent() ? restored : Optional.empty();
  }

  private List<String> compareCollections(List<String> shown) {
    TreeSet<String> missing = new TreeSet<>(expected.collections());
    missing.removeAll(shown);
    TreeSet<String> unknown = new TreeSet<>(shown);
    unknown.removeAll(expected.collections());
    missing.forEach(name -> problem("collection " + name + " is missing in Qdrant"));
    unknown.forEach(name -> problem("collection " + name + " is in Qdrant, not in the backup"));
    return shown.stream().filter(expected.collections()::contains).toList();
  }

  /** What was counted beside writers may be off by what they wrote meanwhile. */
  private void compareCount(String collection, long count) {
    OptionalLong stated = expected.points(collection);
    if (stated.isEmpty() || stated.getAsLong() == count) {
      return;
    }
    String text =
        "collection "
            + collection
            + " has "
            + count
            + " points, the manifest says "
            + stated.getAsLong();
    if (expected.areCounted()) {
      problem(text);
    } else {
      warn("points-differ", text + ", counted while others wrote");
    }
  }

  private void compareVectors(
      String collection, long count, Examined examined, boolean vectorsRequired) {
    if (examined.points() != count) {
      problem(
          "collection "
              + collection
              + " counts "
              + count
              + " points and shows "
              + examined.points());
    }
    if (examined.withoutVector() > 0) {
      String text =
          "collection "
              + collection
              + " has "
              + examined.withoutVector()
              + " points without a vector, such as "
              + String.join(", ", examined.first());
      if (vectorsRequired) {
        problem(text);
      } else {
        warn("points-without-vector", text);
      }
    }
    if (!examined.notFound().isEmpty()) {
      problem(
          "collection "
              + collection
              + ": a search for its own vector does not find point "
              + String.join(", ", examined.notFound()));
    }
  }

  private OptionalLong compareIds(Memories memories, String collection, PointIds ids)
      throws IOException {
    CrossCheck result = Comparison.of(memories, ids, true, folder);
    result.warning().ifPresent(missing -> judge(missing, expected.points(collection)));
    return OptionalLong.of(result.matched());
  }

  /**
   * A backup of data that did not fit together is still one that can be restored, and the number of
   * points that was counted then distinguishes the two.
   */
  private void judge(Warning missing, OptionalLong stated) {
    if (stated.isEmpty()) {
      problem(missing.message());
    } else if (problems.isEmpty()) {
      warnings.add(missing);
    }
  }
}
