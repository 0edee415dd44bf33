package dev.openmemory.backup.docker.internal.engine;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An archive on its way from the engine; a connection that breaks makes it {@code CORRUPT}. */
final class ArchiveStream extends BlockFilterInputStream {
  private final String location;
  private final DockerFailure failure;

  ArchiveStream(InputStream in, String location, DockerFailure failure) {
    super(in);
    this.location = location;
    this.failure = failure;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException | RuntimeException e) {
      BackupException translated = failure.of("read archive", location, e);
      if (translated.kind() != Kind.UNAVAILABLE) {
        throw translated;
      }
      throw Kind.CORRUPT.failure(
          translated.operation(),
          location,
          "the engine ended the archive early: " + translated.fact(),
          e);
    }
  }
}
