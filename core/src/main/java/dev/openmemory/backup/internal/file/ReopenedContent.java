package dev.openmemory.backup.internal.file;

import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/**
 * Bytes that are read from their origin each time they are written.
 *
 * @param size in bytes
 */
public record ReopenedContent(Origin origin, long size) implements Content {

  /** Where the bytes come from; thread-safe. */
  public interface Origin {
    /**
     * Reads all bytes, which are the same each time, and writes them.
     *
     * @throws IOException when that fails
     */
    void transferTo(OutputStream out) throws IOException;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    origin.transferTo(out);
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public OptionalLong sizeHint() {
    return OptionalLong.of(size);
  }
}
