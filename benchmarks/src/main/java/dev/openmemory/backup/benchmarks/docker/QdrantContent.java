package dev.openmemory.backup.benchmarks.docker;

import dev.openmemory.backup.benchmarks.engine.Samples;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * What a Qdrant storage consists of: 60 % vectors, 20 % payload, 20 % write-ahead logs that are
 * allocated and empty.
 */
final class QdrantContent {
  private static final long LOG_SIZE = 32 << 20;
  private static final int FILE_SIZE = 1 << 20;

  private final Random random = new Random(1);
  private final byte[] vectors = Samples.vectors(16 * FILE_SIZE);
  private final byte[] payload = Samples.json(16 * FILE_SIZE);
  private final Path collection;

  private QdrantContent(Path collection) {
    this.collection = collection;
  }

  static void write(Path storage, long size) throws IOException {
    write(storage.resolve("raft_state.json"), "{}");
    Path collection = Files.createDirectories(storage.resolve("collections/openmemory"));
    write(collection.resolve("config.json"), "{}");
    new QdrantContent(collection).fill(size);
  }

  private void fill(long size) throws IOException {
    long logs = Math.max(1, Math.round(size * 0.2 / LOG_SIZE));
    long files = (size - logs * LOG_SIZE) / FILE_SIZE;
    for (long i = 0; i < logs; i++) {
      log(i);
    }
    for (long i = 0; i < files; i++) {
      boolean isPayload = i % 4 == 3;
      byte[] source = isPayload ? payload : vectors;
      Path folder = folder("segments/" + i / 100 + (isPayload ? "/payload" : "/vectors"));
      int from = random.nextInt((source.length - FILE_SIZE) / Float.BYTES) * Float.BYTES;
      write(folder.resolve("chunk_" + i), source, from);
    }
  }

  private void log(long number) throws IOException {
    Path file = folder("wal").resolve("open-" + number);
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
      log.setLength(LOG_SIZE);
    }
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(collection.resolve("0").resolve(name));
  }

  private static void write(Path file, byte[] source, int from) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(source, from, FILE_SIZE);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
