package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.diff.BackupDiff;
import dev.openmemory.backup.diff.BackupDiff.Collection;
import dev.openmemory.backup.diff.BackupDiff.Listed;
import dev.openmemory.backup.diff.BackupDiff.Memories;
import dev.openmemory.backup.diff.BackupDiff.Memory;
import dev.openmemory.backup.diff.BackupDiff.Part;
import dev.openmemory.backup.diff.BackupDiff.Points;
import dev.openmemory.backup.diff.BackupDiff.Settings;
import dev.openmemory.backup.diff.BackupDiff.Side;
import dev.openmemory.backup.diff.BackupDiff.Size;
import dev.openmemory.backup.diff.BackupDiff.Table;
import dev.openmemory.backup.diff.BackupDiff.Version;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A {@link BackupDiff} for programs. */
final class DiffJson {
  private DiffJson() {}

  static Map<String, Object> document(BackupDiff diff) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("before", side(diff.before()));
    document.put("after", side(diff.after()));
    document.put("same", diff.same());
    document.put("components", diff.parts().stream().map(DiffJson::part).toList());
    document.put("tables", diff.tables().stream().map(DiffJson::table).toList());
    diff.memories().ifPresent(memories -> document.put("memories", memories(memories)));
    document.put("settings", diff.settings().stream().map(DiffJson::settings).toList());
    document.put("collections", diff.collections().stream().map(DiffJson::collection).toList());
    document.put("notCompared", BackupJson.warnings(diff.notCompared()));
    document.put("elapsedSeconds", BackupJson.seconds(diff.elapsed()));
    return document;
  }

  private static Map<String, Object> side(Side side) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", side.name().value());
    document.put("state", side.state().name().toLowerCase(Locale.ROOT));
    document.put("created", side.created().toString());
    return document;
  }

  private static Map<String, Object> part(Part part) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("component", part.component());
    both(document, part.before(), part.after(), DiffJson::size);
    part.identical().ifPresent(identical -> document.put("identical", identical));
    return document;
  }

  private static Map<String, Object> size(Size size) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("storedBytes", size.storedBytes());
    size.plainBytes().ifPresent(bytes -> document.put("plainBytes", bytes));
    return document;
  }

  private static Map<String, Object> table(Table table) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("table", table.name());
    table.before().ifPresent(rows -> document.put("before", rows));
    table.after().ifPresent(rows -> document.put("after", rows));
    table
        .rows()
        .ifPresent(
            rows -> {
              document.put("added", rows.added());
              document.put("removed", rows.removed());
              document.put("changed", rows.changed());
              document.put("both", rows.both());
            });
    document.put("columnsAdded", table.columnsAdded());
    document.put("columnsRemoved", table.columnsRemoved());
    return document;
  }

  private static Map<String, Object> memories(Memories memories) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("before", memories.statesBefore());
    document.put("after", memories.statesAfter());
    document.put("added", listed(memories.added(), DiffJson::memory));
    document.put("removed", listed(memories.removed(), DiffJson::memory));
    document.put("changed", listed(memories.changed(), DiffJson::memory));
    return document;
  }

  private static Map<String, Object> memory(Memory memory) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", memory.id());
    both(document, memory.before(), memory.after(), DiffJson::version);
    if (!memory.columns().isEmpty()) {
      document.put("columns", memory.columns());
    }
    return document;
  }

  private static Map<String, Object> version(Version version) {
    Map<String, Object> document = new LinkedHashMap<>();
    version.state().ifPresent(state -> document.put("state", state));
    version
        .content()
        .ifPresent(
            text -> {
              document.put("content", text.beginning());
              document.put("characters", text.characters());
            });
    return document;
  }

  private static Map<String, Object> settings(Settings settings) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("document", settings.document());
    document.put("added", listed(settings.added(), place -> place));
    document.put("removed", listed(settings.removed(), place -> place));
    document.put("changed", listed(settings.changed(), place -> place));
    return document;
  }

  private static Map<String, Object> collection(Collection collection) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("collection", collection.name());
    both(document, collection.before(), collection.after(), DiffJson::points);
    return document;
  }

  private static Map<String, Object> points(Points points) {
    Map<String, Object> document = new LinkedHashMap<>();
    points.exact().ifPresent(count -> document.put("points", count));
    return document;
  }

  private static <T> void both(
      Map<String, Object> document,
      Optional<T> before,
      Optional<T> after,
      Function<T, Map<String, Object>> render) {
    before.ifPresent(value -> document.put("before", render.apply(value)));
    after.ifPresent(value -> document.put("after", render.apply(value)));
  }

  private static <T> Map<String, Object> listed(Listed<T> listed, Function<T, Object> render) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("count", listed.count());
    document.put("first", listed.first().stream().map(render).toList());
    return document;
  }
}
