package dev.openmemory.backup.internal.file;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The bytes of a private copy in a scratch directory.
 *
 * @param size of the file, which does not change
 */
public record FileContent(Path file, long size, Cancellation cancellation) implements Content {
  private static final int BUFFER = 128 * 1024;

  /** The content of the file as it is now. */
  public static FileContent of(Path file, Cancellation cancellation) throws IOException {
    try {
      return new FileContent(file, Files.size(file), cancellation);
    } catch (IOException e) {
      throw FileFailure.of("read scratch copy", file, e);
    }
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = open()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        cancellation.check();
        out.write(buffer, 0, n);
      }
    }
  }

  private InputStream open() throws IOException {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw FileFailure.of("read scratch copy", file, e);
    }
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
