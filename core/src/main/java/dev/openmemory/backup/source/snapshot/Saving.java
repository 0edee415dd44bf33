package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.qdrant.SnapshotDigest;
import dev.openmemory.backup.internal.qdrant.SnapshotIndex;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.qdrant.server.SnapshotInfo;
import dev.openmemory.backup.internal.swap.Destination;
import dev.openmemory.backup.source.snapshot.StateBefore.File;
import dev.openmemory.backup.source.snapshot.StateBefore.Saved;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Copies to this host what servers have now, before a restore changes it. */
record Saving(ServerOptions options, Nodes nodes, Path into, Cancellation cancellation) {

  StateBefore of(SnapshotIndex index) throws IOException {
    Set<String> names = new HashSet<>();
    List<Saved> saved = new ArrayList<>();
    for (SnapshotIndex.Entry entry : index.collections()) {
      List<File> files = new ArrayList<>();
      if (nodes.first().collection(entry.name()).isPresent()) {
        for (int node = 0; node < nodes.size(); node++) {
          String file =
              SnapshotIndex.fileName(entry.name(), nodes.size() == 1 ? 0 : node + 1, names);
          files.add(save(node, entry.name(), file));
        }
      }
      saved.add(new Saved(entry.name(), files));
    }
    return new StateBefore(saved, nodes.first().aliases());
  }

  private File save(int node, String collection, String file) throws IOException {
    SnapshotInfo snapshot = nodes.get(node).createSnapshot(collection);
    Path copy = into.resolve(file);
    try (InputStream in = nodes.get(node).download(collection, snapshot)) {
      Destination.copy(in, copy, cancellation);
    } catch (IOException | RuntimeException | Error e) {
      Undo.after(e, () -> delete(node, collection, snapshot));
      throw e;
    }
    delete(node, collection, snapshot);
    return new File(file, SnapshotDigest.of(copy, cancellation));
  }

  /** Under another cancellation, for that of the run may be why it goes. */
  private void delete(int node, String collection, SnapshotInfo snapshot) throws IOException {
    try (QdrantClient server = options.client(options.urls().get(node), new Cancellation())) {
      server.deleteSnapshot(collection, snapshot.name());
    }
  }
}
