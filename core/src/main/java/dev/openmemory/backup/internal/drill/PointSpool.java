package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.qdrant.VectorSettings;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Points of a backup in a temporary file, by id. */
public final class PointSpool implements StoredPoints.Sink, Closeable {
  private static final String OPERATION = "keep vectors of the backup";

  private final Path path;
  private final RandomAccessFile file;
  private final Check check;
  private final Map<UUID, Long> offsets = new HashMap<>();

  /** Refuses vectors that are of no use. */
  @FunctionalInterface
  public interface Check {
    void settings(VectorSettings settings) throws IOException;
  }

  private PointSpool(Path path, RandomAccessFile file, Check check) {
    this.path = path;
    this.file = file;
    this.check = check;
  }

  /** An empty one in a private folder. */
  public static PointSpool in(Path scratch, Check check) throws IOException {
    Path path = scratch.resolve("points.jsonl");
    try {
      return new PointSpool(path, new RandomAccessFile(path.toFile(), "rw"), check);
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, path, e);
    }
  }

  @Override
  public void settings(VectorSettings settings) throws IOException {
    check.settings(settings);
  }

  @Override
  public void point(WholePoint point) throws IOException {
    try {
      byte[] text = Json.line(point.toJson()).getBytes(StandardCharsets.UTF_8);
      file.seek(file.length());
      offsets.put(point.id(), file.getFilePointer());
      file.writeInt(text.length);
      file.write(text);
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, path, e);
    }
  }

  /** The point with the id, if the backup has it. */
  public Optional<WholePoint> find(UUID id) throws IOException {
    Long offset = offsets.get(id);
    if (offset == null) {
      return Optional.empty();
    }
    try {
      file.seek(offset);
      byte[] text = new byte[file.readInt()];
      file.readFully(text);
      return Optional.of(WholePoint.of(Json.readObject(text, path.toString()), path.toString()));
    } catch (IOException e) {
      throw FileFailure.of(OPERATION, path, e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
