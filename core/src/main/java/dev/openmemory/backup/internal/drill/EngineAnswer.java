package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.qdrant.Examined;
import dev.openmemory.backup.internal.qdrant.WholePoint;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One line of the script that asks the storage engine. */
sealed interface EngineAnswer {
  /** The version of the package. */
  record Version(String version) implements EngineAnswer {}

  record Count(long points) implements EngineAnswer {}

  /** Some of the points, in the order of the ids. */
  record Points(List<Point> points) implements EngineAnswer {}

  /** The member {@code params} of the configuration of a collection. */
  record Params(Map<String, Object> params) implements EngineAnswer {}

  /** Some of the points that were asked for by id. */
  record Whole(List<WholePoint> points) implements EngineAnswer {}

  /** The last line of points that were asked for by id. */
  record Read(long points) implements EngineAnswer {}

  /** The last line of a collection. */
  record Done(Examined examined) implements EngineAnswer {}

  /**
   * An error, and the last line.
   *
   * @param types names of its class in Python and of those above, the most special first
   * @param errno name of the system's error, as {@code ENOSPC}; empty text when there is none
   */
  record Failure(List<String> types, String errno, String text) implements EngineAnswer {
    private static final Set<String> FULL = Set.of("ENOSPC", "EDQUOT");
    private static final Set<String> REFUSED = Set.of("EACCES", "EPERM", "EROFS");

    /** What the system also says of files that are missing or have the wrong length. */
    private static final Set<String> ALSO_OF_DATA =
        Set.of("", "ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "EINVAL");

    /** The engine has no classes of its own: it raises the first, or the second when it panics. */
    private static final Set<String> OF_THE_ENGINE = Set.of("Exception", "PanicException");

    /** What it is when it says nothing of the data; empty when it may be about the data. */
    Optional<Kind> ofThisHost() {
      if (FULL.contains(errno)) {
        return Optional.of(Kind.NO_SPACE);
      }
      if (REFUSED.contains(errno)) {
        return Optional.of(Kind.DENIED);
      }
      return mayBeOfData() ? Optional.empty() : Optional.of(Kind.FAILED);
    }

    private boolean mayBeOfData() {
      boolean known =
          types.contains("TarError")
              || (types.contains("OSError") && !errno.isEmpty())
              || OF_THE_ENGINE.contains(types.isEmpty() ? "" : types.get(0));
      return known && ALSO_OF_DATA.contains(errno);
    }

    boolean isMissingModule() {
      return types.contains("ModuleNotFoundError");
    }
  }

  /**
   * Reads a line.
   *
   * @throws NoVerdict for all that the script never prints
   */
  static EngineAnswer parse(String line, String program) throws NoVerdict {
    try {
      return read(JsonObject.parse(line.getBytes(StandardCharsets.UTF_8), program));
    } catch (BackupException e) {
      throw new NoVerdict(Kind.FAILED, program, "its answer makes no sense: " + e.fact());
    }
  }

  private static EngineAnswer read(JsonObject json) throws BackupException {
    if (json.has("error")) {
      JsonObject error = json.object("error");
      return new Failure(error.strings("types"), error.string("errno"), error.string("text"));
    }
    if (json.has("version")) {
      return new Version(json.string("version"));
    }
    if (json.has("count")) {
      return new Count(json.size("count"));
    }
    if (json.has("params")) {
      return new Params(json.object("params").others(Set.of()));
    }
    if (json.has("whole")) {
      List<WholePoint> points = new ArrayList<>();
      for (Object point : json.list("whole")) {
        points.add(WholePoint.of(point, ""));
      }
      return new Whole(points);
    }
    if (json.has("read")) {
      return new Read(json.size("read"));
    }
    return json.has("examined") ? done(json.object("examined")) : points(json);
  }

  private static Done done(JsonObject json) throws BackupException {
    return new Done(
        new Examined(
            json.size("points"),
            json.size("withoutVector"),
            json.strings("first"),
            json.size("searched"),
            json.strings("notFound")));
  }

  private static Points points(JsonObject json) throws BackupException {
    List<Point> points = new ArrayList<>();
    for (Object pair : json.list("points")) {
      points.add(point(pair, json));
    }
    return new Points(points);
  }

  private static Point point(@Nullable Object point, JsonObject json) throws BackupException {
    if (!(point instanceof List<?> pair) || pair.size() != 2) {
      throw json.wrong("points", "holds no pairs");
    }
    return new Point(
        id(pair.get(0), json),
        Optional.ofNullable(pair.get(1)).map(String::valueOf),
        Optional.empty());
  }

  /** Numbers are ids too, but never those of memories. */
  private static Optional<UUID> id(@Nullable Object id, JsonObject json) throws BackupException {
    if (id instanceof Number) {
      return Optional.empty();
    }
    try {
      return Optional.of(UUID.fromString(String.valueOf(id)));
    } catch (IllegalArgumentException e) {
      throw json.wrong("points", "has an id that is neither a number nor a UUID");
    }
  }
}
