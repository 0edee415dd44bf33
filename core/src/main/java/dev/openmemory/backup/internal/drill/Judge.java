package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.internal.qdrant.Examined;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * What opens a restored vector store and answers questions about it. Not thread-safe.
 *
 * <p>A failure that speaks against the store is a {@code BackupException} of a kind other than
 * {@code CANCELLED}, {@code NO_SPACE} and {@code DENIED}.
 */
interface Judge extends Closeable {
  /** Its version, as it states it itself. */
  String version();

  /** What it is, with its version, for people and for the record of the proof. */
  String describe();

  /** The names of all collections, sorted. */
  List<String> collections() throws IOException;

  /** Whether each point of the collection must have a vector, because it has one without a name. */
  boolean requiresVectors(String collection) throws IOException;

  /** Reads all points of the collection with payload and vectors, and searches for some of them. */
  Examined examine(String collection, Reader reader) throws IOException;

  /** Takes what is read of a collection. */
  interface Reader {
    /** The exact number of points; comes first. */
    void count(long points);

    /** Each point, in the order of the ids. */
    void point(Point point) throws IOException;
  }
}
