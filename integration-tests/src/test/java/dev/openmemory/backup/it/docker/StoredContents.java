package dev.openmemory.backup.it.docker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** What a backup of a stack in a local folder holds, read without our code. */
final class StoredContents {
  private static final String POINTS = "/segments/points/";

  private StoredContents() {}

  static StackContents of(Path backup) throws IOException, SQLException {
    return new StackContents(
        StackReader.rowsOf(backup.resolve("openmemory.db")),
        points(backup.resolve("qdrant-storage.tar.gz")));
  }

  private static Set<String> points(Path archive) throws IOException {
    Set<String> points = new HashSet<>();
    try (InputStream file = Files.newInputStream(archive);
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        int at = entry.getName().indexOf(POINTS);
        if (at >= 0 && entry.isFile()) {
          points.add(entry.getName().substring(at + POINTS.length()));
        }
      }
    }
    return points;
  }
}
