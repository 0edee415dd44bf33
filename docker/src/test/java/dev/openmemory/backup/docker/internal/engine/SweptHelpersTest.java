package dev.openmemory.backup.docker.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.process.Host;
import dev.openmemory.backup.internal.process.Owner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs that begin at the same moment find what a third one has left. */
class SweptHelpersTest {
  private static final Map<String, String> LABELS =
      Map.of(
          HelperContainers.LABEL,
          HelperContainers.label(
              new Owner(
                  new Host(Host.here().name(), Host.here().machine(), "an earlier boot"),
                  1,
                  "",
                  Instant.EPOCH)));

  @TempDir private Path folder;
  private EngineDouble server;

  @BeforeEach
  void start() throws IOException {
    server = new EngineDouble(folder);
    server.answer(
        "GET /containers/json",
        EngineDouble.json(
            200,
            Json.line(List.of(Map.of("Id", "c", "Names", List.of("/left"), "Labels", LABELS)))));
    server.answer(
        "GET /networks",
        EngineDouble.json(
            200, Json.line(List.of(Map.of("Id", "n", "Name", "left", "Labels", LABELS)))));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void whatIsThereIsRemovedAndNamed() throws IOException {
    server.answer("DELETE /containers/c", EngineDouble.json(204, ""));
    server.answer("DELETE /networks/n", EngineDouble.json(204, ""));
    try (DockerEngine engine = server.connect()) {
      assertThat(engine.sweepHelpers()).containsExactly("container /left", "network left");
    }
  }

  @Test
  void whatTheOtherRunIsRemovingIsNoFailure() throws IOException {
    server.answer(
        "DELETE /containers/c",
        EngineDouble.json(409, "{\"message\":\"removal of container c is already in progress\"}"));
    server.answer(
        "DELETE /networks/n",
        EngineDouble.json(
            403, "{\"message\":\"error while removing network: network n has active endpoints\"}"));
    try (DockerEngine engine = server.connect()) {
      assertThat(engine.sweepHelpers()).isEmpty();
    }
  }

  @Test
  void aRefusalIsAFailure() throws IOException {
    server.answer(
        "DELETE /containers/c", EngineDouble.json(500, "{\"message\":\"device is busy\"}"));
    try (DockerEngine engine = server.connect()) {
      assertThatThrownBy(engine::sweepHelpers).hasMessageContaining("device is busy");
    }
  }
}
