package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.MemoryQuery;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Memories are written with payload and vectors, so that another store can be filled. */
class MemoryVectorsTest extends MemoryRestoreFixture {

  @Test
  void eachLineHasWhatTheVectorStoreHas() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MemoriesReport report =
        backups.writeMemoriesWithVectors(FIRST, MemoryQuery.ALL, request().vectors(), out);

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(report.found()).isEqualTo(61);
    assertThat(lines).hasSize(61);
    Map<String, String> written = new TreeMap<>();
    for (String line : lines) {
      Map<?, ?> memory = Json.readObject(line.getBytes(StandardCharsets.UTF_8), "line");
      if (memory.get("point") instanceof Map<?, ?> point) {
        Map<String, Object> whole = new TreeMap<>();
        point.forEach((name, value) -> whole.put(String.valueOf(name), value));
        whole.put("id", memory.get("id"));
        written.put(String.valueOf(memory.get("id")), Json.canonical(whole));
      } else {
        assertThat(memory.get("state")).isEqualTo("deleted");
      }
    }
    Map<String, String> expected = new TreeMap<>();
    live.wholePoints()
        .forEach(point -> expected.put(point.id().toString(), Json.canonical(point.toJson())));
    assertThat(written).isEqualTo(expected);
  }

  @Test
  void withoutAnythingThatOpensThemNoFileIsLeft() {
    Path file = temp.resolve("memories.jsonl");
    assertThat(
            failureOf(
                    () ->
                        backups.writeMemoriesWithVectors(
                            FIRST, MemoryQuery.ALL, DrillRequest.STANDARD, file))
                .kind())
        .isEqualTo(Kind.UNSUPPORTED);
    assertThat(Files.exists(file)).isFalse();
  }
}
