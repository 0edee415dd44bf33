package dev.openmemory.backup.docker.internal.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.internal.migration.Environment;
import dev.openmemory.backup.internal.migration.KnowsEnvironment;
import dev.openmemory.backup.internal.migration.KnowsVersion;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a control of containers knows of the server that a backup is brought to. */
@Timeout(60)
class WhatContainersTellTest {
  private static final String CANARY = "sk-canary-of-a-container";

  @TempDir private Path folder;
  private EngineDouble engine;
  private HttpServer qdrant;

  @BeforeEach
  void start() throws IOException {
    engine = new EngineDouble(folder);
    engine.answer("GET /containers/json", EngineDouble.json(200, "[]"));
    engine.answer("GET /networks", EngineDouble.json(200, "[]"));
    qdrant = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/", "{\"title\": \"qdrant\", \"version\": \"1.17.1\"}");
    answer("/collections", "{\"result\": {\"collections\": []}}");
    qdrant.start();
  }

  @AfterEach
  void stop() throws IOException {
    qdrant.stop(0);
    engine.close();
  }

  private void answer(String path, String json) {
    qdrant.createContext(
        path,
        exchange -> {
          byte[] body = json.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private void container(String name, String status, String config) {
    String ports =
        "{'Ports': {'6333/tcp': [{'HostIp': '0.0.0.0', 'HostPort': '%d'}]}}"
            .formatted(qdrant.getAddress().getPort());
    engine.answer(
        "GET /containers/" + name + "/json",
        EngineDouble.json(
            200,
            ("{'Id': '%1$s', 'Name': '/%1$s', 'Config': %2$s, 'State': {'Status': '%3$s'},"
                    + " 'NetworkSettings': %4$s}")
                .formatted(name, config, status, ports)
                .replace('\'', '"')));
  }

  private WriterControl control(Map<String, String> more) throws IOException {
    Map<String, String> options = new LinkedHashMap<>(more);
    options.put("engine", engine.endpoint().key());
    options.put("containers", "mcp,store");
    return new DockerWriterControlProvider().open(new ProviderOptions("docker", options));
  }

  @Test
  void theVariablesOfTheApiAreKnownByNameAlsoWhenItDoesNotRun() throws IOException {
    for (String status : new String[] {"running", "created"}) {
      container("mcp", status, "{'Env': ['KEY=" + CANARY + "', 'USER=bob', 'NONE=']}");
      try (WriterControl control = control(Map.of("api", "mcp"))) {
        Environment found = ((KnowsEnvironment) control).environment().orElseThrow();
        assertThat(found.filled()).containsExactlyInAnyOrder("KEY", "USER");
        assertThat(found.empty()).containsExactly("NONE");
        assertThat(found.user()).hasValue("bob");
        assertThat(found.place()).isEqualTo("container mcp");
        assertThat(found.toString()).doesNotContain(CANARY);
      }
    }
  }

  @Test
  void withoutAnApiNoVariablesAreKnown() throws IOException {
    try (WriterControl control = control(Map.of())) {
      assertThat(((KnowsEnvironment) control).environment()).isEmpty();
    }
    try (WriterControl control = control(Map.of("api", "removed"))) {
      assertThat(((KnowsEnvironment) control).environment()).isEmpty();
    }
  }

  @Test
  void aQdrantThatRunsTellsItsVersion() throws IOException {
    container("store", "running", "{}");
    assertThat(version(Map.of("store", "store"))).isEqualTo("1.17.1");
    assertThat(version(Map.of())).isEmpty();
    container("store", "exited", "{}");
    assertThat(version(Map.of("store", "store"))).isEmpty();
    container("store", "running", "{}");
    qdrant.stop(0);
    assertThat(version(Map.of("store", "store"))).isEmpty();
  }

  private String version(Map<String, String> options) throws IOException {
    try (WriterControl control = control(options)) {
      return ((KnowsVersion) control).qdrantVersion(new Cancellation()).orElse("");
    }
  }
}
