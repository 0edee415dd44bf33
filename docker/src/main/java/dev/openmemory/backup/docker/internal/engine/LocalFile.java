package dev.openmemory.backup.docker.internal.engine;

import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A file of this host, so that its failures are not taken for those of the connection. */
final class LocalFile extends BlockFilterInputStream {
  private final Path path;

  LocalFile(InputStream in, Path path) {
    super(in);
    this.path = path;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      throw FileFailure.of("read", path, e);
    }
  }
}
