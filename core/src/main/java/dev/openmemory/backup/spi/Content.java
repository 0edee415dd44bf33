package dev.openmemory.backup.spi;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/**
 * Bytes that write themselves. The length of an archive is unknown until it has been written, so
 * nobody may need it in advance; memory is bounded by the buffers on the way.
 */
@FunctionalInterface
public interface Content {
  /**
   * Writes all bytes and returns; neither flushes nor closes the stream. An exception of the stream
   * is passed on as it is. Returning normally means that every byte was written.
   *
   * @throws IOException when the bytes cannot be produced or the stream does not take them
   */
  void writeTo(OutputStream out) throws IOException;

  /**
   * Whether {@link #writeTo} may be called again and then gives the same bytes; false unless
   * overridden.
   */
  default boolean repeatable() {
    return false;
  }

  /** About how many bytes there will be, for progress and space checks only; empty when unknown. */
  default OptionalLong sizeHint() {
    return OptionalLong.empty();
  }
}
