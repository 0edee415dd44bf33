package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.qdrant.SnapshotDigest;
import dev.openmemory.backup.internal.qdrant.SnapshotIndex;
import dev.openmemory.backup.internal.qdrant.server.Alias;
import dev.openmemory.backup.internal.qdrant.server.CollectionInfo;
import dev.openmemory.backup.source.snapshot.StateBefore.File;
import dev.openmemory.backup.source.snapshot.StateBefore.Saved;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Has servers take snapshots. */
record Sending(Nodes nodes, Cancellation cancellation) {

  /**
   * Makes the collections what the index says.
   *
   * @param replace whether one of another config may be deleted; else its server refuses
   */
  void restore(SnapshotIndex index, Path files, boolean replace) throws IOException {
    for (SnapshotIndex.Entry entry : index.collections()) {
      List<File> snapshots = new ArrayList<>();
      for (String name : entry.files()) {
        snapshots.add(new File(name, SnapshotDigest.of(files.resolve(name), cancellation)));
      }
      if (replace) {
        deleteUnlessFitting(entry);
      }
      send(entry.name(), snapshots, files);
    }
  }

  /** Gives the collections the aliases that the index says; what else has aliases keeps them. */
  void putAliases(SnapshotIndex index) throws IOException {
    List<Alias> aliases = new ArrayList<>();
    index.aliases().forEach((name, collection) -> aliases.add(new Alias(name, collection)));
    put(aliases);
  }

  private void deleteUnlessFitting(SnapshotIndex.Entry entry) throws IOException {
    Optional<CollectionInfo> present = nodes.first().collection(entry.name());
    if (present.isPresent() && !Compatibility.fits(entry, present.get())) {
      nodes.first().deleteCollection(entry.name());
    }
  }

  /** Makes everything as it was. */
  void putBack(StateBefore before, Path files) throws IOException {
    for (Saved saved : before.collections()) {
      putBack(saved, files);
    }
    for (Alias present : nodes.first().aliases()) {
      if (before.aliases().stream().noneMatch(alias -> alias.name().equals(present.name()))) {
        nodes.first().deleteAlias(present.name());
      }
    }
    put(before.aliases());
  }

  private void putBack(Saved saved, Path files) throws IOException {
    if (saved.snapshots().isEmpty()) {
      nodes.first().deleteCollection(saved.collection());
      return;
    }
    try {
      send(saved.collection(), saved.snapshots(), files);
    } catch (BackupException e) {
      if (e.kind() != Kind.INCONSISTENT) {
        throw e;
      }
      // What is there now has another config.
      nodes.first().deleteCollection(saved.collection());
      send(saved.collection(), saved.snapshots(), files);
    }
  }

  private void send(String collection, List<File> snapshots, Path files) throws IOException {
    for (int node = 0; node < snapshots.size(); node++) {
      File file = snapshots.get(node);
      nodes.get(node).upload(collection, files.resolve(file.name()), file.sha256(), bytes -> {});
      nodes.get(node).awaitApplied(collection);
    }
  }

  private void put(List<Alias> aliases) throws IOException {
    List<Alias> present = nodes.first().aliases();
    for (Alias alias : aliases) {
      if (!present.contains(alias)) {
        nodes.first().putAlias(alias);
      }
    }
  }
}
