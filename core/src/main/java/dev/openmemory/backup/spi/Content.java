package dev.openmemory.backup.spi;

import dev.openmemory.backup.Manifest.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Bytes that write themselves. The length of an archive is unknown until it has been written, so no
 * target may need it in advance; memory is bounded by the buffers on the way.
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

  /**
   * Size and SHA-256 of all bytes, when they are known before; empty unless overridden. A target
   * may then keep what a broken write has sent, and continue from there in a later one of the same
   * bytes, if it compares the digest of the whole at the end.
   */
  default Optional<Digest> digest() {
    return Optional.empty();
  }

  /**
   * As {@link #writeTo(OutputStream)}, without the first {@code offset} bytes. Unless overridden it
   * produces and drops them.
   */
  default void writeTo(OutputStream out, long offset) throws IOException {
    writeTo(new SkippingOutputStream(out, offset));
  }

  /** About how many bytes there will be, for progress and space checks only; empty when unknown. */
  default OptionalLong sizeHint() {
    return OptionalLong.empty();
  }
}
