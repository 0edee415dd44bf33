package dev.openmemory.backup.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/** What is below a directory, comparable: name to kind, mode, time, length and checksum. */
public final class FileTree {
  private FileTree() {}

  public static Map<String, String> of(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : (Iterable<Path>) paths.filter(p -> !p.equals(root))::iterator) {
        String name = root.relativize(path).toString();
        if (!name.startsWith(".openmemory-backup")) {
          tree.put(name, describe(path));
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return tree;
  }

  public static void delete(Path tree) throws IOException {
    List<Path> leavesFirst;
    try (Stream<Path> paths = Files.walk(tree)) {
      leavesFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : leavesFirst) {
      Files.delete(path);
    }
  }

  private static String describe(Path path) throws IOException {
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    String time = String.valueOf(Files.getLastModifiedTime(path).toMillis() / 1000);
    return Files.isDirectory(path)
        ? "dir " + mode + " " + time
        : "file " + mode + " " + time + " " + Files.size(path) + " " + crc(path);
  }

  private static long crc(Path file) throws IOException {
    CRC32 crc = new CRC32();
    try (InputStream in = new CheckedInputStream(Files.newInputStream(file), crc)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return crc.getValue();
  }
}
