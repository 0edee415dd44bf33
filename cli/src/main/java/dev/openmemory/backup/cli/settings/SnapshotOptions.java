package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.QdrantSnapshots;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.SnapshotOutcome;
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
  /** The collection of OpenMemory. */
  private static final String USUAL = "openmemory";

  public @Mixin final QdrantOptions qdrant = new QdrantOptions();

  @Option(
      names = "--collection",
      paramLabel = "NAME",
      description =
          "The collection (default: the one that <home>/api/config.json names, else the only one,"
              + " else 'openmemory').")
  @Nullable String collection;

  /** What a command does. */
  public interface Work {
    SnapshotOutcome run(QdrantSnapshots snapshots, String collection) throws IOException;
  }

  /** Does it and prints the outcome. */
  public int with(Session session, Work work) throws IOException {
    try (QdrantSnapshots snapshots = qdrant.snapshots(session)) {
      SnapshotOutcome outcome = work.run(snapshots, chosen(session, snapshots));
      session.terminal().result(session.renderer().snapshots(outcome));
      return ExitCodes.OK;
    }
  }

  /** The collection that is meant. */
  public String chosen(Session session, QdrantSnapshots snapshots) throws IOException {
    if (collection != null) {
      return collection;
    }
    List<String> all = snapshots.collections();
    if (all.isEmpty()) {
      throw Kind.NOT_FOUND.failure(
          "choose collection", snapshots.location(), "there is no collection");
    }
    Path config = session.options().absoluteHome().resolve("api").resolve("config.json");
    Optional<String> named = QdrantSnapshots.collectionIn(config).filter(all::contains);
    if (named.isPresent()) {
      return named.get();
    }
    if (all.size() == 1) {
      return all.get(0);
    }
    if (all.contains(USUAL)) {
      return USUAL;
    }
    throw Kind.INVALID.failure(
        "choose collection", snapshots.location(), "there are several: " + String.join(", ", all));
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
