package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.ReopenedContent;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.qdrant.SnapshotIndex;
import dev.openmemory.backup.internal.qdrant.TemporaryName;
import dev.openmemory.backup.internal.qdrant.server.Alias;
import dev.openmemory.backup.internal.qdrant.server.CollectionInfo;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.qdrant.server.SnapshotInfo;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Snapshots that servers keep until this is closed. They are made while the writers are held, and
 * downloaded after that.
 */
final class SnapshotCapture implements Capture {
  private final ServerOptions options;
  private final boolean counted;
  private final Cancellation cancellation;
  private final List<Made> made = new ArrayList<>();
  private final List<CapturedFile> files = new ArrayList<>();
  private Facts facts = Facts.NONE;

  /**
   * Nothing is made yet.
   *
   * @param counted whether the writers are held, so that counts are those of the snapshots
   */
  SnapshotCapture(ServerOptions options, boolean counted, Cancellation cancellation) {
    this.options = options;
    this.counted = counted;
    this.cancellation = cancellation;
  }

  /** A snapshot on a server. */
  private record Made(URI node, String collection, SnapshotInfo snapshot) {}

  /** Has the servers make them. */
  void make() throws IOException {
    try (Nodes nodes = Nodes.of(options, cancellation)) {
      nodes.requireAll();
      QdrantClient first = nodes.first();
      Map<String, Long> counts = new LinkedHashMap<>();
      for (String collection : TemporaryName.without(first.collections())) {
        counts.put(collection, first.count(collection));
      }
      Set<String> names = new HashSet<>();
      List<SnapshotIndex.Entry> entries = new ArrayList<>();
      for (Map.Entry<String, Long> collection : counts.entrySet()) {
        entries.add(make(nodes, collection.getKey(), collection.getValue(), names));
      }
      Map<String, String> aliases = new LinkedHashMap<>();
      for (Alias alias : first.aliases()) {
        aliases.put(alias.name(), alias.collection());
      }
      SnapshotIndex index =
          new SnapshotIndex(first.version(), nodes.size(), counted, entries, aliases);
      SmallContent text = new SmallContent(index.write(), cancellation);
      files.add(0, new CapturedFile(SnapshotIndex.NAME, "application/json", false, text));
      Map<String, Object> all = new LinkedHashMap<>(index.facts().values());
      all.put("from", options.describe());
      facts = new Facts(all);
    }
  }

  private SnapshotIndex.Entry make(Nodes nodes, String name, long count, Set<String> names)
      throws IOException {
    CollectionInfo info =
        nodes.first().collection(name).orElseThrow(() -> gone(nodes.first(), name));
    List<String> of = new ArrayList<>();
    for (int node = 0; node < nodes.size(); node++) {
      SnapshotInfo snapshot = nodes.get(node).createSnapshot(name);
      Made entry = new Made(options.urls().get(node), name, snapshot);
      made.add(entry);
      String file = SnapshotIndex.fileName(name, nodes.size() == 1 ? 0 : node + 1, names);
      files.add(new CapturedFile(file, "application/x-tar", false, download(entry)));
      of.add(file);
    }
    return new SnapshotIndex.Entry(name, info.vectors(), info.shards(), count, of);
  }

  private static BackupException gone(QdrantClient server, String collection) {
    return Kind.NOT_FOUND.failure(
        "snapshot",
        server.location() + "/collections/" + collection,
        "was deleted while the backup was made");
  }

  /** A snapshot's bytes. */
  private Content download(Made made) {
    return new ReopenedContent(
        out -> {
          try (QdrantClient server = options.client(made.node(), cancellation);
              InputStream in = server.download(made.collection(), made.snapshot())) {
            in.transferTo(out);
          }
        },
        made.snapshot().size());
  }

  @Override
  public List<CapturedFile> files() {
    return List.copyOf(files);
  }

  @Override
  public Facts facts() {
    return facts;
  }

  @Override
  public boolean detached() {
    return true;
  }

  /** Works regardless of the cancellation, which may be why it is closed, and of an interrupt. */
  @Override
  public void close() throws IOException {
    Uninterrupted.run(this::remove);
  }

  private void remove() throws IOException {
    BackupException failure = null;
    for (Made entry : List.copyOf(made)) {
      try (QdrantClient server = options.client(entry.node(), new Cancellation())) {
        server.deleteSnapshot(entry.collection(), entry.snapshot().name());
        made.remove(entry);
      } catch (BackupException e) {
        if (e.kind() == Kind.NOT_FOUND) {
          made.remove(entry);
        } else if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
