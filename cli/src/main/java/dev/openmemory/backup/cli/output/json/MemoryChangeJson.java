package dev.openmemory.backup.cli.output.json;

import dev.openmemory.backup.cli.output.MemoryChangeRenderer;
import dev.openmemory.backup.memories.MemoryChange;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryRepairReport;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import dev.openmemory.backup.memories.NewVectorsReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Changes of memories for programs, one in each line. */
public record MemoryChangeJson(Supplier<Duration> age) implements MemoryChangeRenderer {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @Override
  public Optional<String> before() {
    return Optional.of("{\"memories\":[");
  }

  @Override
  public Optional<String> planned(MemoryChange change, boolean first) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("id", change.id());
    document.put("action", name(change.action()));
    document.put("vector", name(change.vector()));
    document.put("before", change.before().map(MemoriesJson::document).orElse(null));
    document.put("after", change.after().map(MemoriesJson::document).orElse(null));
    return Optional.of((first ? "" : ",") + MAPPER.writeValueAsString(document));
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Map<String, @Nullable Object> document(NewVectorsReport made) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("provider", made.provider());
    document.put("model", made.model());
    document.put("address", made.address());
    document.put("texts", made.texts());
    document.put("characters", made.characters());
    document.put("estimatedTokens", made.estimatedTokens());
    return document;
  }

  @Override
  public String after(MemoryRestoreReport report, Optional<MemoryRepairReport> repair) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("applied", report.applied());
    Map<String, Long> actions = new LinkedHashMap<>();
    for (Action action : Action.values()) {
      if (report.count(action) > 0) {
        actions.put(name(action), report.count(action));
      }
    }
    document.put("actions", actions);
    document.put("vectorsFrom", report.vectorsFrom().orElse(null));
    document.put("newVectors", report.newVectors().map(MemoryChangeJson::document).orElse(null));
    document.put("undoFile", report.undoFile().map(String::valueOf).orElse(null));
    repair.ifPresent(
        done -> {
          document.put("searchedBackups", done.searched());
          document.put("notSearchedBackups", done.notSearched());
          document.put("crossCheck", done.after().toFacts());
        });
    document.put("warnings", BackupJson.warnings(report.warnings()));
    document.put("elapsedSeconds", BackupJson.seconds(age.get()));
    return "]," + MAPPER.writeValueAsString(document).substring(1);
  }
}
