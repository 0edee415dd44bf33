package dev.openmemory.backup.spi.optional;

import dev.openmemory.backup.BackupException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A running vector store that is read. {@link dev.openmemory.backup.RunningQdrant} makes one of an
 * address.
 *
 * <p>Duties of every store. {@code VectorStoreContract} of the testkit has a test for each number.
 *
 * <ul>
 *   <li><b>V1</b> {@link #collections} gives the name of every collection once.
 *   <li><b>V2</b> {@link #points} gives every point of the collection once, in any order, and of
 *       its text nothing need be read. A point that is added or removed meanwhile may be missing.
 *   <li><b>V3</b> Points are passed on as they are read, so memory does not grow with their number.
 *       The exception of a consumer ends the call at once, and reaches the caller as it is.
 *   <li><b>V4</b> {@link #pointsWithTexts} gives the same points with their texts, or fails with
 *       {@code UNSUPPORTED} before the first point.
 *   <li><b>V5</b> A collection that does not exist is {@code NOT_FOUND}.
 *   <li><b>V6</b> Nothing in the store is changed.
 *   <li><b>V7</b> Failures are {@code BackupException}s; cancelling or an interrupt ends each call
 *       promptly with {@code CANCELLED}.
 *   <li><b>V8</b> {@link #close} may be repeated.
 * </ul>
 *
 * <p>The points are asked for while writers are held, unless there are many memories. Ids that come
 * in ascending order need the least room on the disk. Not thread-safe; used from one thread.
 */
public interface VectorStore extends Closeable {
  /**
   * A point.
   *
   * @param id empty when it is a number, which no memory has
   * @param user to which its memory belongs, the {@code user_id} of its payload; empty when it has
   *     none
   * @param text the memory, {@code data} of its payload; empty when it has none or was not asked
   *     for
   */
  record Point(Optional<UUID> id, Optional<String> user, Optional<String> text) {}

  /** Takes one point at a time. */
  @FunctionalInterface
  interface Points {
    /** Takes the next point. */
    void take(Point point) throws IOException;
  }

  /** The place, for people and messages, without any secret. */
  String location();

  /** The version of the server, such as {@code 1.18.3}. */
  String version() throws IOException;

  /** The names of all collections. */
  List<String> collections() throws IOException;

  /** Passes on all points of a collection without their texts; see V2, V3 and V5. */
  void points(String collection, Points points) throws IOException;

  /** As {@link #points}, with texts; {@code UNSUPPORTED} unless overridden. */
  default void pointsWithTexts(String collection, Points points) throws IOException {
    throw Kind.UNSUPPORTED.failure(
        "read texts of points", location(), "this kind of vector store shows no texts");
  }

  @Override
  void close() throws IOException;
}
