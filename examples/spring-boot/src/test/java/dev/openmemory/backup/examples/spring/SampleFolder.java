package dev.openmemory.backup.examples.spring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The sample installation of core's tests, in a folder. */
final class SampleFolder {
  private static final Path SAMPLE =
      Path.of(System.getProperty("openmemory.root"), "core/src/test/resources/installation");

  private SampleFolder() {}

  static void unpackTo(Path home) throws IOException {
    Files.createDirectories(home.resolve("api"));
    for (String file : new String[] {"api/openmemory.db", "api/config.json"}) {
      Files.copy(SAMPLE.resolve(file), home.resolve(file));
    }
    try (InputStream file = Files.newInputStream(SAMPLE.resolve("qdrant-storage-slim.tar.gz"));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = home.resolve("storage").resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(path);
        } else {
          Files.createDirectories(path.resolveSibling("."));
          Files.copy(tar, path);
        }
      }
    }
  }
}
