package dev.openmemory.backup.storage.s3;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a server keeps its data; closing removes it. */
record ServerFolder(Path path) implements Closeable {
  static ServerFolder create(String server) throws IOException {
    return new ServerFolder(Files.createTempDirectory(server).toAbsolutePath());
  }

  /** A new folder within. */
  String folder(String name) throws IOException {
    return Files.createDirectory(path.resolve(name)).toString();
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(path)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }
}
