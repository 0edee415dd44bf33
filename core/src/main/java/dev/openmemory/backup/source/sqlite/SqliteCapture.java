package dev.openmemory.backup.source.sqlite;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** A checked copy in the scratch directory. */
record SqliteCapture(StagedDatabase copy, long size, Facts facts, Cancellation cancellation)
    implements Capture {
  @Override
  public List<CapturedFile> files() {
    Content content = new FileContent(copy.file(), size, cancellation);
    return List.of(new CapturedFile(SqliteSource.FILE, "application/vnd.sqlite3", false, content));
  }

  @Override
  public boolean detached() {
    return true;
  }

  @Override
  public void close() throws IOException {
    copy.close();
  }

  private record FileContent(Path file, long size, Cancellation cancellation) implements Content {
    private static final int BUFFER = 64 * 1024;

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
}
