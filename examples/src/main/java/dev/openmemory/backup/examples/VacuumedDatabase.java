package dev.openmemory.backup.examples;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.optional.ExposesDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A copy in the scratch directory, which the engine compares with the vectors. */
record VacuumedDatabase(Path database, String original, Facts facts, RunContext context)
    implements Capture, Content, ExposesDatabase {
  @Override
  public List<CapturedFile> files() {
    String name = VacuumedDatabaseSource.NAME;
    return List.of(new CapturedFile(name, "application/vnd.sqlite3", false, this));
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(database)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        context.cancellation().check();
        out.write(buffer, 0, read);
      }
    }
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  @Override
  public boolean detached() {
    return true;
  }

  @Override
  public void close() throws IOException {
    remove(database);
  }

  static void remove(Path copy) throws IOException {
    Files.deleteIfExists(copy);
    Files.deleteIfExists(copy.resolveSibling(copy.getFileName() + "-journal"));
    Files.deleteIfExists(Objects.requireNonNull(copy.getParent()));
  }
}
