package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.QdrantSnapshots.Snapshot;
import dev.openmemory.backup.cli.output.SnapshotOutcome;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** What a command about snapshots did, for people. */
final class SnapshotText {
  private SnapshotText() {}

  static List<String> lines(SnapshotOutcome outcome, ZoneId zone) {
    return switch (outcome.action()) {
      case LISTED -> list(outcome, zone);
      case CREATED -> with("Made snapshot " + outcome.names() + " of", outcome, zone);
      case DOWNLOADED -> with("Wrote " + outcome.names() + ", a snapshot of", outcome, zone);
      case UPLOADED, RECOVERED -> List.of(restored(outcome));
      case DELETED -> List.of("Deleted snapshot " + outcome.names() + " of " + place(outcome));
    };
  }

  private static List<String> list(SnapshotOutcome outcome, ZoneId zone) {
    if (outcome.snapshots().isEmpty()) {
      return List.of("No snapshots of " + place(outcome));
    }
    Table table = new Table();
    table.row("NAME", "CREATED", "SIZE", "SHA256");
    for (Snapshot snapshot : outcome.snapshots()) {
      table.row(
          snapshot.name(),
          created(snapshot, zone),
          Units.size(snapshot.size()),
          snapshot.sha256().map(digest -> digest.substring(0, 12)).orElse("none (uploaded)"));
    }
    List<String> lines = new ArrayList<>(table.lines(""));
    lines.add(count(outcome.snapshots().size()) + " of " + place(outcome));
    return lines;
  }

  private static String count(int snapshots) {
    return snapshots == 1 ? "1 snapshot" : snapshots + " snapshots";
  }

  private static List<String> with(String what, SnapshotOutcome outcome, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    lines.add(what + " " + place(outcome));
    for (Snapshot snapshot : outcome.snapshots()) {
      lines.add("  created  " + created(snapshot, zone));
      lines.add("  size     " + Units.size(snapshot.size()));
      lines.add("  sha256   " + snapshot.sha256().orElse("none: only the size was compared"));
    }
    return lines;
  }

  private static String restored(SnapshotOutcome outcome) {
    String points =
        outcome.points().isEmpty() ? "" : "; it has " + outcome.points().getAsLong() + " points";
    return "Restored " + place(outcome) + " from " + outcome.names() + points;
  }

  private static String created(Snapshot snapshot, ZoneId zone) {
    return snapshot.created().map(time -> Units.dateTime(time, zone)).orElse("unknown");
  }

  private static String place(SnapshotOutcome outcome) {
    return "collection " + outcome.collection() + " at " + outcome.server();
  }
}
