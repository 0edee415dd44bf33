package dev.openmemory.backup.cli.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A directory with the files, sizes and emptiness of one that Qdrant wrote: vectors that do not
 * compress, texts that do, and files that are preallocated and hardly used.
 */
final class DemoStorage {
  private static final int DIMENSIONS = 768;
  private static final int VECTOR_BYTES = DIMENSIONS * Float.BYTES;
  private static final Instant LAST_WRITTEN = Instant.parse("2024-11-05T17:42:11Z");

  private final DemoRandom random;
  private final DemoSize size;

  DemoStorage(DemoRandom random, DemoSize size) {
    this.random = random;
    this.size = size;
  }

  /** Creates the directory, which must not exist. */
  void create(Path storage) throws IOException {
    Path collection = storage.resolve("collections").resolve("openmemory");
    Path shard = collection.resolve("0");
    Path segment = shard.resolve("segments").resolve("0efbe1c7-5ac4-40db-8e00-fc1bb04cd33f");
    text(
        storage.resolve("raft_state.json"),
        """
        {"state":{"hard_state":{"term":0,"vote":0,"commit":0},"conf_state":{"voters":[4217]}}}""");
    text(storage.resolve("aliases").resolve("data.json"), "{}");
    Files.createDirectories(storage.resolve(".deleted"));
    Files.createDirectories(storage.resolve("tmp").resolve("openmemory"));
    text(
        collection.resolve("config.json"),
        "{\"params\":{\"vectors\":{\"size\":"
            + DIMENSIONS
            + ",\"distance\":\"Cosine\"},\"shard_number\":1,\"on_disk_payload\":true},"
            + "\"wal_config\":{\"wal_capacity_mb\":32,\"wal_segments_ahead\":0}}");
    text(collection.resolve("version.info"), "0.6.0");
    text(collection.resolve("payload_index.json"), "{\"schema\":{\"user_id\":\"keyword\"}}");
    text(shard.resolve("shard_config.json"), "{\"type\":\"ReplicaSet\"}");
    text(shard.resolve("replica_state.json"), "{\"is_local\":true,\"this_peer_id\":4217}");
    writeSegment(segment);
    sparse(shard.resolve("wal").resolve("open-1"), size.pageBytes(), size.pageBytes() / 16);
    sparse(shard.resolve("wal").resolve("open-2"), size.pageBytes(), 32);
    settle(storage);
  }

  private void writeSegment(Path segment) throws IOException {
    text(segment.resolve("segment.json"), "{\"version\":" + size.memories() + "}");
    text(segment.resolve("version.info"), "0.6.0");
    writeVectors(segment.resolve("vector_storage").resolve("vectors"));
    Path payload = segment.resolve("payload_storage");
    writePayloads(payload.resolve("page_0.dat"));
    sparse(payload.resolve("tracker.dat"), size.pageBytes() / 32, size.memories());
    sparse(payload.resolve("bitmask.dat"), size.pageBytes() / 1024, 64);
    for (String field : List.of("user_id", "agent_id", "run_id")) {
      Path index = segment.resolve("payload_index").resolve(field + "-map");
      sparse(index.resolve("page_0.dat"), size.pageBytes() / 8, size.memories());
      sparse(index.resolve("tracker.dat"), size.pageBytes() / 32, 4096);
      sparse(index.resolve("bitmask.dat"), size.pageBytes() / 1024, 0);
    }
  }

  private void writeVectors(Path directory) throws IOException {
    Files.createDirectories(directory);
    int vectorsInChunk = Math.max(1, size.pageBytes() / VECTOR_BYTES);
    ByteBuffer vector = ByteBuffer.allocate(VECTOR_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int written = 0;
    for (int chunk = 0; written < size.memories(); chunk++) {
      Path file = directory.resolve("chunk_" + chunk + ".mmap");
      int end = Math.min(size.memories(), written + vectorsInChunk);
      try (OutputStream out = Files.newOutputStream(file)) {
        for (; written < end; written++) {
          SplittableRandom values = random.of("vector", written);
          vector.clear();
          for (int i = 0; i < DIMENSIONS; i++) {
            vector.putFloat((float) (values.nextDouble() - 0.5) / 14);
          }
          out.write(vector.array());
        }
      }
      lengthen(file, Math.max(size.pageBytes(), VECTOR_BYTES));
    }
    text(directory.resolve("config.json"), "{\"dim\":" + DIMENSIONS + "}");
  }

  /** Fills two thirds of the page with texts in the form of the payloads. */
  private void writePayloads(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    long left = size.pageBytes() / 3L * 2;
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long number = 0; left > 0; number++) {
        SplittableRandom values = random.of("payload", number);
        byte[] payload =
            ("{\"data\":\"" + DemoRandom.text(values, 4096) + "\",\"n\":" + values.nextLong() + "}")
                .getBytes(StandardCharsets.UTF_8);
        out.write(payload);
        left -= payload.length;
      }
    }
    lengthen(file, size.pageBytes());
  }

  private void sparse(Path file, int length, int used) throws IOException {
    Files.createDirectories(file.getParent());
    byte[] start = new byte[Math.min(length, used)];
    SplittableRandom values = random.of(file.getFileName().toString(), length);
    for (int i = 0; i < start.length; i++) {
      start[i] = (byte) values.nextInt();
    }
    Files.write(file, start);
    lengthen(file, length);
  }

  private static void text(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** Leaves a hole where the file system can. */
  private static void lengthen(Path file, long length) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(length);
    }
  }

  /** Gives all entries the modes of Qdrant's and a time in the past, children before parents. */
  private static void settle(Path storage) throws IOException {
    List<Path> entries;
    try (Stream<Path> walk = Files.walk(storage)) {
      entries = new ArrayList<>(walk.sorted().toList());
    }
    Collections.reverse(entries);
    long second = 0;
    for (Path entry : entries) {
      PosixFileAttributeView posix =
          Files.getFileAttributeView(entry, PosixFileAttributeView.class);
      if (posix != null) {
        boolean directory = Files.isDirectory(entry);
        posix.setPermissions(
            PosixFilePermissions.fromString(directory ? "rwxr-xr-x" : "rw-r--r--"));
      }
      Files.setLastModifiedTime(entry, FileTime.from(LAST_WRITTEN.minusSeconds(second++)));
    }
  }
}
