package dev.openmemory.backup.drill;

import dev.openmemory.backup.Manifest;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * That a backup was restored, and that a Qdrant started on it and showed what the backup states.
 * Kept beside the backup in the target, in {@value #FILE_NAME}.
 *
 * @param time when that was seen, UTC
 * @param tool that saw it
 * @param manifestSha256 of the {@code manifest.json} of the backup, lower-case hex: of another
 *     backup it proves nothing
 */
public record Proof(Instant time, Manifest.Tool tool, Seen seen, String manifestSha256) {

  /** The object that holds it. */
  public static final String FILE_NAME = "proven.json";

  /**
   * What was seen.
   *
   * @param server what was started, for people: {@code container of sha256:...}
   * @param qdrantVersion as it said itself
   * @param points exact number of points by collection, all of which were compared
   * @param matchedIds memories in the database whose point was found; empty when ids were not
   *     compared
   */
  public record Seen(
      String server, String qdrantVersion, Map<String, Long> points, OptionalLong matchedIds) {
    /** Copies the map, sorted. */
    public Seen {
      points = Collections.unmodifiableMap(new TreeMap<>(points));
    }
  }
}
