package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.JsonObject;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The snapshots of a collection that a server keeps.
 *
 * @param asked when the server answered, by its own clock
 */
record SnapshotList(List<SnapshotInfo> snapshots, Optional<Instant> asked) {
  private static final Comparator<SnapshotInfo> OLDEST_FIRST =
      Comparator.comparing((SnapshotInfo info) -> info.created().orElse(Instant.EPOCH))
          .thenComparing(SnapshotInfo::name);

  /** A collection that is missing is a {@code NOT_FOUND} failure. */
  static SnapshotList read(Transport transport, String collection) throws BackupException {
    return of(transport.read(request(collection)));
  }

  static Request request(String collection) {
    return Request.get("list snapshots", Address.snapshots(collection));
  }

  static SnapshotList of(Answer answer) throws BackupException {
    List<SnapshotInfo> snapshots = new ArrayList<>();
    for (JsonObject entry : answer.document().objects("result")) {
      snapshots.add(info(entry));
    }
    snapshots.sort(OLDEST_FIRST);
    return new SnapshotList(List.copyOf(snapshots), answer.date());
  }

  static SnapshotInfo info(JsonObject entry) throws BackupException {
    Optional<String> sha256 =
        entry.has("checksum")
            ? Optional.of(entry.string("checksum").toLowerCase(Locale.ROOT))
            : Optional.empty();
    return new SnapshotInfo(entry.string("name"), entry.size("size"), sha256, created(entry));
  }

  /** Without a zone, it is UTC. */
  private static Optional<Instant> created(JsonObject entry) throws BackupException {
    if (!entry.has("creation_time")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDateTime.parse(entry.string("creation_time")).toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException e) {
      throw entry.wrong("creation_time", "is not a time");
    }
  }

  /**
   * Whether one may be in it that was made in the second in which the list was asked for. Names
   * hold the second in which a snapshot was begun, and times the one in which it was complete.
   */
  boolean mayHoldOneOfThisSecond() {
    return snapshots.stream()
        .anyMatch(
            snapshot ->
                asked.isEmpty()
                    || snapshot.created().isEmpty()
                    || !snapshot.created().get().isBefore(asked.get()));
  }

  boolean holds(String name) {
    return snapshots.stream().anyMatch(snapshot -> snapshot.name().equals(name));
  }

  /**
   * The newest complete snapshot that is not in the other list. Files that were uploaded have no
   * checksum, and do not count.
   */
  Optional<SnapshotInfo> newestNotIn(SnapshotList before) {
    return snapshots.stream()
        .filter(snapshot -> snapshot.sha256().isPresent() && !before.snapshots.contains(snapshot))
        .reduce((older, newer) -> newer);
  }
}
