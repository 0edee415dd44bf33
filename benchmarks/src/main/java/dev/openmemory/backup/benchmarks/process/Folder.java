package dev.openmemory.backup.benchmarks.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A temporary folder for one measurement. */
public record Folder(Path path) implements Closeable {
  public static Folder create() throws IOException {
    return new Folder(Files.createTempDirectory("openmemory-benchmark-"));
  }

  /** Something that looks like a Qdrant storage: random islands in files that are mostly holes. */
  public Path storage(long gibibytes) throws IOException {
    Path collection = Files.createDirectories(path.resolve("storage/collections/openmemory"));
    Files.write(collection.resolve("config.json"), "{}".getBytes(StandardCharsets.UTF_8));
    Random random = new Random(1);
    byte[] island = new byte[256 * 1024];
    for (int i = 0; i < gibibytes; i++) {
      try (RandomAccessFile file =
          new RandomAccessFile(collection.resolve("page_" + i).toFile(), "rw")) {
        file.setLength(1L << 30);
        for (int j = 0; j < 128; j++) {
          random.nextBytes(island);
          file.seek((long) (random.nextDouble() * ((1L << 30) - island.length)));
          file.write(island);
        }
      }
    }
    return path.resolve("storage");
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> tree = Files.walk(path)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }
}
