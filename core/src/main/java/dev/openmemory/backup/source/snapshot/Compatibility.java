package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.qdrant.QdrantVersion;
import dev.openmemory.backup.internal.qdrant.SnapshotIndex;
import dev.openmemory.backup.internal.qdrant.server.CollectionInfo;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Whether servers will take snapshots; asked before anything is changed. */
record Compatibility(ServerOptions options, Nodes nodes) {
  void require(SnapshotIndex index, RunContext context) throws IOException {
    if (nodes.size() != index.nodes()) {
      throw refused(
          Kind.INVALID,
          nodes.first(),
          "the backup has " + index.nodes() + " nodes, but " + nodes.size() + " were named");
    }
    for (int i = 0; i < nodes.size(); i++) {
      requireVersion(nodes.get(i), index.version(), context);
    }
    for (SnapshotIndex.Entry entry : index.collections()) {
      requireConfig(entry);
    }
    warnOfOthers(index, context);
  }

  /** Qdrant takes back what the same minor version made, of this or an older patch. */
  private void requireVersion(QdrantClient server, String made, RunContext context)
      throws IOException {
    String running = server.version();
    if (takes(running, made)) {
      return;
    }
    String fact =
        "runs version "
            + running
            + "; snapshots of "
            + made
            + " are for the same minor version, of this patch or a newer one";
    if (!options.anyVersion()) {
      throw refused(Kind.UNSUPPORTED, server, fact);
    }
    context.warnings().accept(new Warning("qdrant-version", server.location() + " " + fact));
  }

  static boolean takes(String running, String made) {
    Optional<QdrantVersion> here = QdrantVersion.parse(running);
    Optional<QdrantVersion> there = QdrantVersion.parse(made);
    return here.isPresent() && there.isPresent() && here.get().takesSnapshotsOf(there.get());
  }

  private void requireConfig(SnapshotIndex.Entry entry) throws IOException {
    Optional<CollectionInfo> present = nodes.first().collection(entry.name());
    if (present.isPresent() && !options.replaceCollections() && !fits(entry, present.get())) {
      throw refused(
          Kind.INCONSISTENT,
          nodes.first(),
          "collection "
              + entry.name()
              + " has vectors "
              + describe(present.get().vectors(), present.get().shards())
              + ", and its snapshot "
              + describe(entry.vectors(), entry.shards()));
    }
  }

  /** Qdrant compares this way; other members of the config are not looked at. */
  static boolean fits(SnapshotIndex.Entry entry, CollectionInfo present) {
    return entry.shards() == present.shards()
        && Json.canonical(entry.vectors()).equals(Json.canonical(present.vectors()));
  }

  private static String describe(Object vectors, int shards) {
    return Json.canonical(vectors).replaceAll("\\s+", " ") + " in " + shards + " shards";
  }

  private void warnOfOthers(SnapshotIndex index, RunContext context) throws IOException {
    Set<String> others = new HashSet<>(nodes.first().collections());
    index.collections().forEach(entry -> others.remove(entry.name()));
    for (String other : others) {
      context
          .warnings()
          .accept(
              new Warning(
                  "collection-not-in-backup",
                  "collection " + other + " is not in the backup and stays as it is"));
    }
  }

  private static BackupException refused(Kind kind, QdrantClient server, String fact) {
    return kind.failure("restore snapshots", server.location(), fact);
  }
}
