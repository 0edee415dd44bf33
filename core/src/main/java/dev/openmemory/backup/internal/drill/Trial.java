package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.internal.crosscheck.Comparison;
import dev.openmemory.backup.internal.crosscheck.PointIds;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.internal.sqlite.StagedDatabase;
import dev.openmemory.backup.spi.TrialServer;
import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** One Qdrant that was started on what was restored: waited for, asked, and compared. */
public final class Trial {
  private static final String SUBJECT = "vectors";

  private final TrialServer server;
  private final String what;
  private final Cancellation cancellation;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Warning> warnings = new ArrayList<>();
  private final Map<String, Long> points = new TreeMap<>();
  private OptionalLong matchedIds = OptionalLong.empty();
  private Optional<Proof.Seen> seen = Optional.empty();

  /**
   * A trial of a server that was started.
   *
   * @param what it is, for people and for the record of the proof
   */
  public Trial(TrialServer server, String what, Cancellation cancellation) {
    this.server = server;
    this.what = what;
    this.cancellation = cancellation;
  }

  /** What is wrong; empty when it showed what it should. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** What a person should look at although it is not the backup's fault. */
  public List<Warning> warnings() {
    return List.copyOf(warnings);
  }

  /** What it showed; empty when it did not come so far. */
  public Optional<Proof.Seen> seen() {
    return seen;
  }

  /**
   * Waits until it serves, and compares. What speaks against the backup becomes a problem.
   *
   * @param patience how long it may take to serve
   * @throws BackupException for what does not: cancelled, no space, no access
   */
  public void run(Expected expected, Duration patience) throws IOException {
    try {
      URI address = new Readiness(server, what, cancellation).await(patience);
      try (QdrantClient client = QdrantClient.of(address, Optional.empty(), cancellation)) {
        compare(client, expected);
      }
    } catch (BackupException e) {
      if (isOfItsOwn(e.kind())) {
        throw e;
      }
      problems.add(new Problem(SUBJECT, reason(e)));
    }
  }

  private static boolean isOfItsOwn(Kind kind) {
    return kind == Kind.CANCELLED || kind == Kind.NO_SPACE || kind == Kind.DENIED;
  }

  /** One that has ended answers nothing, and why it did tells more. */
  private String reason(BackupException failure) throws IOException {
    if (failure.operation().equals(Readiness.OPERATION)) {
      return failure.fact();
    }
    Optional<String> end = server.ended();
    return end.isPresent()
        ? Readiness.told(what + " " + end.get(), server.lastWords())
        : failure.getMessage();
  }

  private void compare(QdrantClient client, Expected expected) throws IOException {
    String version = client.version();
    takeIn(client, expected.snapshots());
    compareVersions(expected, version);
    List<String> shown = compareCollections(client.collections(), expected.collections());
    for (String collection : shown) {
      // It serves before the end of its log is applied.
      client.awaitApplied(collection);
      long count = client.count(collection);
      points.put(collection, count);
      compareCount(collection, count, expected);
    }
    compareIds(client, expected, shown);
    seen = Optional.of(new Proof.Seen(what, version, points, matchedIds));
  }

  private void takeIn(QdrantClient client, Map<String, Expected.Snapshot> snapshots)
      throws IOException {
    for (Map.Entry<String, Expected.Snapshot> entry : new TreeMap<>(snapshots).entrySet()) {
      Expected.Snapshot snapshot = entry.getValue();
      client.upload(entry.getKey(), snapshot.file(), snapshot.sha256(), sent -> {});
    }
  }

  /** Qdrant reads the storage of the next minor version at most; that this one did is told. */
  private void compareVersions(Expected expected, String version) {
    Optional<String> stated = expected.stated().text("qdrantVersion");
    if (stated.isPresent() && !stated.get().equals(version)) {
      warnings.add(
          new Warning(
              "other-qdrant",
              "the backup was made with Qdrant " + stated.get() + ", but tested with " + version));
    }
  }

  private List<String> compareCollections(List<String> shown, List<String> expected) {
    TreeSet<String> missing = new TreeSet<>(expected);
    missing.removeAll(shown);
    TreeSet<String> unknown = new TreeSet<>(shown);
    unknown.removeAll(expected);
    missing.forEach(name -> problem("collection " + name + " is missing in Qdrant"));
    unknown.forEach(name -> problem("collection " + name + " is in Qdrant, not in the backup"));
    return shown.stream().filter(expected::contains).toList();
  }

  /** What was counted beside writers may be off by what they wrote meanwhile. */
  private void compareCount(String collection, long count, Expected expected) {
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
      warnings.add(new Warning("points-differ", text + ", counted while others wrote"));
    }
  }

  private void compareIds(QdrantClient client, Expected expected, List<String> collections)
      throws IOException {
    Optional<Memories> memories =
        expected.database().map(file -> new Memories(file, StagedDatabase.NAME));
    if (memories.isEmpty() || !memories.get().arePresent()) {
      return;
    }
    Optional<String> collection = Comparison.collection(memories.get(), collections);
    if (collection.isEmpty()) {
      warnings.add(
          new Warning("ids-not-compared", "which of " + collections + " has the memories?"));
      return;
    }
    CrossCheck result =
        Comparison.of(
            memories.get(),
            collection.get(),
            PointIds.of(client, collection.get()),
            true,
            cancellation);
    matchedIds = OptionalLong.of(result.matched());
    result.warning().ifPresent(missing -> judge(missing, expected.points(collection.get())));
  }

  /**
   * A backup of data that did not fit together is still one that can be restored, and the number of
   * points that was counted then tells the two apart.
   */
  private void judge(Warning missing, OptionalLong stated) {
    if (stated.isEmpty()) {
      problem(missing.message());
    } else if (problems.isEmpty()) {
      warnings.add(missing);
    }
  }

  private void problem(String text) {
    problems.add(new Problem(SUBJECT, text));
  }
}
