package dev.openmemory.backup.drill;

import dev.openmemory.backup.Manifest;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * That a backup was restored, and that a Qdrant, or its storage engine, opened it and showed what
 * the backup states. Kept beside the backup in the target, in {@value #FILE_NAME}.
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
   * @param by what opened the vectors, for people: {@code Qdrant 1.18.3, container of sha256:...}
   * @param version of that, as it states it itself
   * @param points exact number of points by collection, all of which were read with payload and
   *     vectors
   * @param matchedIds memories in the database with a point; empty when ids were not compared
   * @param searched how many points were searched for by their own vectors; each was found
   */
  public record Seen(
      String by, String version, Map<String, Long> points, OptionalLong matchedIds, long searched) {
    /** Copies the map, sorted. */
    public Seen {
      points = Collections.unmodifiableMap(new TreeMap<>(points));
    }
  }
}
