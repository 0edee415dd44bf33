package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.QdrantSnapshots;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.SnapshotOutcome;
import dev.openmemory.backup.internal.qdrant.MemoryCollection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which collection of which server a command about snapshots means. */
public final class SnapshotOptions {
  public @Mixin final QdrantOptions qdrant = new QdrantOptions();

  @Option(
      names = "--collection",
      paramLabel = "NAME",
      description =
          "The collection (default: the one that <home>/api/config.json names, else 'openmemory',"
              + " else the only one).")
  @Nullable String collection;

  /** What a command does. */
  public interface Work {
    SnapshotOutcome run(QdrantSnapshots snapshots, String collection) throws IOException;
  }

  /** Does it with a collection that is there, and prints the outcome. */
  public int with(Session session, Work work) throws IOException {
    return with(session, false, work);
  }

  /** Does it with a collection that it replaces or makes, and prints the outcome. */
  public int replacing(Session session, Work work) throws IOException {
    return with(session, true, work);
  }

  private int with(Session session, boolean mayBeMissing, Work work) throws IOException {
    try (QdrantSnapshots snapshots = qdrant.snapshots(session)) {
      SnapshotOutcome outcome = work.run(snapshots, chosen(session, snapshots, mayBeMissing));
      session.terminal().result(session.renderer().snapshots(outcome));
      return ExitCodes.OK;
    }
  }

  /** The collection that is meant, which is there. */
  public String chosen(Session session, QdrantSnapshots snapshots) throws IOException {
    return chosen(session, snapshots, false);
  }

  private String chosen(Session session, QdrantSnapshots snapshots, boolean mayBeMissing)
      throws IOException {
    if (collection != null) {
      return collection;
    }
    Path config = session.options().absoluteHome().resolve("api").resolve("config.json");
    Optional<String> named = QdrantSnapshots.collectionIn(config);
    // mem0 makes its own collection again as soon as it runs; it is never the one of the memories.
    List<String> all =
        snapshots.collections().stream().filter(c -> !c.equals(MemoryCollection.OF_MEM0)).toList();
    if (mayBeMissing && (named.isPresent() || all.isEmpty())) {
      return named.orElse(MemoryCollection.DEFAULT);
    }
    if (named.isPresent() && all.contains(named.get())) {
      return named.get();
    }
    if (all.contains(MemoryCollection.DEFAULT)) {
      return MemoryCollection.DEFAULT;
    }
    return switch (all.size()) {
      case 0 -> throw failure(Kind.NOT_FOUND, snapshots, "there is no collection of memories");
      case 1 -> all.get(0);
      default ->
          throw failure(Kind.INVALID, snapshots, "there are several: " + String.join(", ", all));
    };
  }

  private static BackupException failure(Kind kind, QdrantSnapshots snapshots, String fact) {
    return kind.failure("choose collection", snapshots.location(), fact);
  }

  /** What would be lost if the collection were replaced, as a sentence. */
  public static String present(QdrantSnapshots snapshots, String collection) throws IOException {
    OptionalLong points = snapshots.points(collection);
    String where = "Collection " + collection + " at " + snapshots.location();
    return points.isEmpty()
        ? where + " is not there and will be made"
        : where + " has " + points.getAsLong() + " points now; all of them will be replaced";
  }
}
