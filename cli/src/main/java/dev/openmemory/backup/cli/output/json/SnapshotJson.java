package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.QdrantSnapshots.Snapshot;
import dev.openmemory.backup.cli.output.SnapshotOutcome;
import dev.openmemory.backup.cli.output.SnapshotOutcome.Action;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a command about snapshots did, as a tree. */
final class SnapshotJson {
  private SnapshotJson() {}

  static Map<String, Object> document(SnapshotOutcome outcome) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("action", outcome.action().text());
    document.put("server", outcome.server());
    document.put("collection", outcome.collection());
    if (outcome.action() == Action.LISTED) {
      document.put("snapshots", outcome.snapshots().stream().map(SnapshotJson::snapshot).toList());
      return document;
    }
    switch (outcome.action()) {
      case DOWNLOADED, UPLOADED -> document.put("file", outcome.names());
      case RECOVERED -> document.put("location", outcome.names());
      default -> document.put("name", outcome.names());
    }
    outcome.snapshots().forEach(snapshot -> document.putAll(snapshot(snapshot)));
    outcome.points().ifPresent(points -> document.put("points", points));
    return document;
  }

  private static Map<String, Object> snapshot(Snapshot snapshot) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", snapshot.name());
    document.put("size", snapshot.size());
    snapshot.sha256().ifPresent(digest -> document.put("sha256", digest));
    snapshot.created().ifPresent(time -> document.put("created", time.toString()));
    return document;
  }
}
