package dev.openmemory.backup.storage.sftp;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where a server keeps its files, open to all accounts; closing removes it. */
record ServerFolder(Path path) implements Closeable {
  static ServerFolder in(Path parent) throws IOException {
    return new ServerFolder(open(Files.createTempDirectory(parent, "sshd").toAbsolutePath()));
  }

  static ServerFolder create() throws IOException {
    return in(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** A new folder within. */
  Path folder(String name) throws IOException {
    return open(Files.createDirectory(path.resolve(name)));
  }

  private static Path open(Path folder) throws IOException {
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Empties the folder, and leaves it. */
  static void empty(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(folder)) {
      deepestFirst =
          files.filter(f -> !f.equals(folder)).sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      empty(path);
      Files.delete(path);
    }
  }
}
