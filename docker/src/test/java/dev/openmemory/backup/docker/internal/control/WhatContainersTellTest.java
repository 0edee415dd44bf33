package dev.openmemory.backup.docker.internal.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.internal.crosscheck.AskedPoints;
import dev.openmemory.backup.internal.crosscheck.IdFolder;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.Environment;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.spi.optional.ReportsEnvironment;
import dev.openmemory.backup.spi.optional.ReportsVersion;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
  private final Set<String> answered = new HashSet<>();
  private String wanted = "";
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void start() throws IOException {
    engine = new EngineDouble(folder);
    qdrant = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/", "{\"title\": \"qdrant\", \"version\": \"1.17.1\"}");
    answer("/readyz", "ready");
    answer("/collections", "{\"result\": {\"collections\": []}}");
    qdrant.start();
  }

  @AfterEach
  void stop() throws IOException {
    qdrant.stop(0);
    engine.close();
  }

  private void answer(String path, String json) {
    String text = json.replace('\'', '"');
    if (!answered.add(path)) {
      qdrant.removeContext(path);
    }
    qdrant.createContext(
        path,
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          String given = exchange.getRequestHeaders().getFirst("api-key");
          boolean accepted = wanted.isEmpty() || wanted.equals(given);
          byte[] body = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(accepted ? 200 : 401, body.length);
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
        Environment found = ((ReportsEnvironment) control).environment().orElseThrow();
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
      assertThat(((ReportsEnvironment) control).environment()).isEmpty();
    }
    try (WriterControl control = control(Map.of("api", "removed"))) {
      assertThat(((ReportsEnvironment) control).environment()).isEmpty();
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

  @Test
  void theTagOfItsImageTellsTheVersionOfAQdrantThatDoesNotRun() throws IOException {
    Map<String, String> tags =
        Map.of(
            "qdrant/qdrant:v1.15.1", "1.15.1",
            "localhost:5000/qdrant/qdrant:v1.15.1-unprivileged@sha256:0", "1.15.1",
            "localhost:5000/qdrant", "",
            "qdrant/qdrant:latest", "");
    try (WriterControl control = control(Map.of("store", "store"))) {
      ReportsVersion known = (ReportsVersion) control;
      for (Map.Entry<String, String> image : tags.entrySet()) {
        container("store", "exited", "{'Image': '" + image.getKey() + "'}");
        assertThat(known.storeVersion(new Cancellation()).orElse("")).isEqualTo(image.getValue());
      }
      assertThat(known.storeLocation()).get().asString().contains("store");
      container("store", "running", "{'Image': 'qdrant/qdrant:v1.15.1'}");
      assertThat(known.storeVersion(new Cancellation())).hasValue("1.17.1");
      qdrant.stop(0);
      assertThat(known.storeVersion(new Cancellation())).hasValue("1.15.1");
    }
  }

  @Test
  void aContainerThatAnOrchestratorWouldReplaceIsNotStopped() throws IOException {
    List<Writer> store = List.of(new Writer("store", "store"));
    container("store", "running", "{'Labels': {'com.docker.compose.service': 'store'}}");
    try (WriterControl control = control(Map.of())) {
      control.requireRestartable(store);
      for (String label : List.of("com.docker.swarm.service.name", "io.kubernetes.pod.name")) {
        container("store", "running", "{'Labels': {'" + label + "': 'om_store'}}");
        BackupException refusal =
            catchThrowableOfType(BackupException.class, () -> control.requireRestartable(store));
        assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(refusal).hasMessageContaining("om_store").hasMessageContaining("scale to 0");
      }
    }
  }

  @Test
  void aQdrantWithAKeyIsAskedWithThatOfItsContainer() throws IOException {
    wanted = CANARY;
    for (String variable : new String[] {"API_KEY", "READ_ONLY_API_KEY"}) {
      container(
          "store", "running", "{'Env': ['QDRANT__SERVICE__" + variable + "=" + CANARY + "']}");
      assertThat(version(Map.of("store", "store"))).isEqualTo("1.17.1");
    }
    Writer store = new Writer("store", "store");
    try (WriterControl control = control(Map.of("store", "store"))) {
      assertThat(control.observe(store, new Cancellation()))
          .containsOnlyKeys("vectors")
          .satisfies(facts -> assertThat(facts.toString()).doesNotContain(CANARY));
      control.awaitReady(List.of(store), new Cancellation());
    }
  }

  @Test
  void aQdrantWithAKeyIsAskedWithThatOfAFile() throws IOException {
    wanted = CANARY;
    Path file = Files.writeString(folder.resolve("key"), CANARY + "\n");
    Map<String, String> options = Map.of("store", "store", "api-key-file", file.toString());
    for (String config : new String[] {"{}", "{'Env': ['QDRANT__SERVICE__API_KEY=other']}"}) {
      container("store", "running", config);
      assertThat(version(options)).isEqualTo("1.17.1");
      assertThat(version(Map.of("store", "store"))).isEmpty();
    }
  }

  @Test
  void aKeyThatCannotBeUsedIsLeftOut() throws IOException {
    container("store", "running", "{'Env': ['QDRANT__SERVICE__API_KEY=two words']}");
    Map<String, String> options =
        Map.of("store", "store", "api-key-file", folder.resolve("none").toString());
    assertThat(version(options)).isEqualTo("1.17.1");
  }

  @Test
  void aNodeOfAClusterTellsHowManyThereAre() throws IOException {
    container("store", "running", "{}");
    try (WriterControl control = control(Map.of("store", "store"))) {
      Writer store = new Writer("store", "store");
      assertThat(
              control
                  .observe(store, new Cancellation())
                  .getOrDefault("vectors", Facts.NONE)
                  .values())
          .containsKey("points")
          .doesNotContainKey("clusterNodes");
      answer(
          "/cluster",
          "{\"result\": {\"status\": \"enabled\", \"peer_id\": 1, \"peers\":"
              + " {\"1\": {\"uri\": \"http://a:6335/\"}, \"2\": {\"uri\": \"http://b:6335/\"}}}}");
      assertThat(
              control
                  .observe(store, new Cancellation())
                  .getOrDefault("vectors", Facts.NONE)
                  .number("clusterNodes"))
          .hasValue(2);
    }
  }

  @Test
  void onlyTheWantedCollectionTellsItsIdsAndNoneDoesWhileCounted() throws IOException {
    container("store", "running", "{}");
    answer("/collections", "{'result': {'collections': [{'name': 'mine'}, {'name': 'other'}]}}");
    for (String collection : new String[] {"mine", "other"}) {
      answer("/collections/" + collection + "/points/count", "{'result': {'count': 1}}");
      answer(
          "/collections/" + collection + "/points/scroll",
          "{'result': {'points': [{'id': '%s'}]}}".formatted(UUID.randomUUID()));
    }
    try (WriterControl control = control(Map.of("store", "store"))) {
      Facts facts =
          control
              .observe(new Writer("store", "store"), new Cancellation())
              .getOrDefault("vectors", Facts.NONE);
      assertThat(facts.number("points", "mine")).hasValue(1);
      assertThat(facts.number("points", "other")).hasValue(1);
      assertThat(asked).noneMatch(path -> path.endsWith("/scroll"));

      OpensVectorStore asks = (OpensVectorStore) control;
      IdFolder ids = new IdFolder(folder, 1, new Cancellation());
      try (AskedPoints points = AskedPoints.of(asks, Optional.of("mine"), ids).orElseThrow()) {
        assertThat(points.collections()).containsExactly("mine", "other");
        assertThat(points.ids()).isPresent();
      }
      assertThat(asked)
          .filteredOn(path -> path.endsWith("/scroll"))
          .containsExactly("/collections/mine/points/scroll");

      qdrant.stop(0);
      assertThat(AskedPoints.of(asks, Optional.of("mine"), ids)).isEmpty();
      container("store", "exited", "{}");
      assertThat(AskedPoints.of(asks, Optional.of("mine"), ids)).isEmpty();
    }
  }

  private String version(Map<String, String> options) throws IOException {
    try (WriterControl control = control(options)) {
      Optional<VectorStore> running =
          ((OpensVectorStore) control).openVectorStore(new Cancellation());
      if (running.isEmpty()) {
        return "";
      }
      try (VectorStore opened = running.get()) {
        return opened.version();
      }
    }
  }
}
