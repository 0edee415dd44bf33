package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.testconditions.EnginePython;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** Qdrant's own storage engine, which judges what we stored and shares no code with us. */
public final class StorageEngine {
  private final String python;
  private final Path script;

  private StorageEngine(String python, Path script) {
    this.python = python;
    this.script = script;
  }

  /**
   * What the engine finds in a store.
   *
   * @param error what it says when it does not open it; else empty
   * @param count of points, by itself
   * @param payloads digests by id
   * @param vectors digests by id
   * @param lost ids of points that no search finds
   */
  public record Contents(
      String error,
      int count,
      Map<String, String> payloads,
      Map<String, String> vectors,
      List<String> lost) {
    public Contents {
      error = Objects.requireNonNullElse(error, "");
      payloads = Objects.requireNonNullElse(payloads, Map.of());
      vectors = Objects.requireNonNullElse(vectors, Map.of());
      lost = Objects.requireNonNullElse(lost, List.of());
    }

    public boolean isWhole(int points) {
      return error.isEmpty() && count == points && vectors.size() == points && lost.isEmpty();
    }
  }

  /** That of the Python which was named, or of the one on the path. */
  public static StorageEngine require() throws Exception {
    Path script =
        Path.of(
            Objects.requireNonNull(StorageEngine.class.getResource("/qdrant-edge/store.py"))
                .toURI());
    return new StorageEngine(EnginePython.require().toString(), script);
  }

  /** The collection in a storage directory, which stays as it is. */
  public Contents open(Path storage) throws Exception {
    return open(storage, "openmemory");
  }

  /** Any collection in a storage directory, which stays as it is. */
  public Contents open(Path storage, String collection) throws Exception {
    return run("describe", shard(storage, collection).toString());
  }

  /** Writes to a new collection, or in the place of one that is there, until it is closed. */
  public EngineWriter writeTo(Path storage, String collection, Path log) throws IOException {
    String shard = shard(storage, collection).toString();
    return EngineWriter.start(
        List.of(python, script.toString(), "write", shard, log.toString()), log);
  }

  private static Path shard(Path storage, String collection) {
    return storage.resolve("collections").resolve(collection).resolve("0");
  }

  Contents openSnapshot(Path file) throws Exception {
    return run("snapshot", file.toString());
  }

  /** Puts so many points of its own making into the collection, in the place of those there. */
  public void fill(Path storage, int points) throws Exception {
    assertThat(
            run("create", shard(storage, "openmemory").toString(), String.valueOf(points)).error())
        .isEmpty();
  }

  /** As {@link #fill}; the ids are those of {@code MemoriesDatabase.filled}. */
  void fillWithMemories(Path storage, int points) throws Exception {
    String shard = shard(storage, "openmemory").toString();
    assertThat(run("memories", shard, String.valueOf(points)).error()).isEmpty();
  }

  /**
   * Puts the points of a file, one in each line, into the collection, in the place of those there.
   */
  void load(Path storage, Path points) throws Exception {
    assertThat(run("load", shard(storage, "openmemory").toString(), points.toString()).error())
        .isEmpty();
  }

  /** A file that is shorter than the engine takes it for may end the process. */
  private Contents run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("qdrant-edge", ".json");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(command + " does not end");
      }
      return process.exitValue() == 0
          ? JsonMapper.shared().readValue(Files.readString(output), Contents.class)
          : new Contents("exit code " + process.exitValue(), 0, Map.of(), Map.of(), List.of());
    } finally {
      Files.delete(output);
    }
  }
}
