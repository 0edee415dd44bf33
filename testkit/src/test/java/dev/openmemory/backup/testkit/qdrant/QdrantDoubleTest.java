package dev.openmemory.backup.testkit.qdrant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QdrantDoubleTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;

  @Test
  void aCopyOfItsStorageStartsWithTheSameContents() throws Exception {
    UUID id = UUID.randomUUID();
    try (QdrantDouble first = QdrantDouble.start(folder.resolve("a/storage"))) {
      first.createCollection("openmemory");
      first.put("openmemory", id, "u");
      first.alias("memories", "openmemory");
    }
    copy(folder.resolve("a"), folder.resolve("b"));

    try (QdrantDouble second = QdrantDouble.start(folder.resolve("b/storage"))) {
      assertThat(second.ids("openmemory")).containsExactly(id.toString());
      assertThat(second.aliases()).isEqualTo(Map.of("memories", "openmemory"));
    }
  }

  @Test
  void theStorageOfARealQdrantStartsWithoutPoints() throws Exception {
    Path collection = Files.createDirectories(folder.resolve("storage/collections/openmemory"));
    Files.writeString(
        collection.resolve("config.json"),
        "{\"params\":{\"vectors\":{\"size\":4,\"distance\":\"Cosine\"},\"shard_number\":1}}");
    Path aliases = Files.createDirectories(folder.resolve("storage/aliases"));
    Files.writeString(aliases.resolve("data.json"), "{\"memories\":\"openmemory\"}");

    try (QdrantDouble server = QdrantDouble.start(folder.resolve("storage"))) {
      assertThat(server.collections()).containsExactly("openmemory");
      assertThat(server.ids("memories")).isEmpty();
    }
  }

  @Test
  void itIsWrittenToAndReadOverHttp() throws Exception {
    try (QdrantDouble server = QdrantDouble.start(folder.resolve("storage"))) {
      assertThat(send(server, "PUT", "/collections/c", "{\"vectors\":{\"size\":4}}").statusCode())
          .isEqualTo(200);
      assertThat(send(server, "PUT", "/collections/c", "{}").statusCode()).isEqualTo(409);
      send(
          server,
          "PUT",
          "/collections/c/points?wait=true",
          "{\"points\":[{\"id\":1,\"payload\":{\"user_id\":\"u\"},\"vector\":[1,0,0,0]},{\"id\":2}]}");
      send(server, "POST", "/collections/c/points/delete", "{\"points\":[2]}");
      assertThat(server.ids("c")).containsExactly("1");
      assertThat(send(server, "POST", "/collections/c/points", "{\"ids\":[1,2]}").body())
          .contains("user_id")
          .doesNotContain("\"id\":2");
      assertThat(send(server, "DELETE", "/collections/c", "").body()).contains("true");
      assertThat(send(server, "DELETE", "/collections/c", "").body()).contains("false");
      assertThat(send(server, "PATCH", "/collections", "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void withoutWaitingASnapshotIsAcceptedAndListed() throws Exception {
    try (QdrantDouble server = QdrantDouble.start(folder.resolve("storage"))) {
      server.createCollection("c");
      assertThat(send(server, "POST", "/collections/c/snapshots?wait=false", "").statusCode())
          .isEqualTo(202);
      assertThat(send(server, "GET", "/collections/c/snapshots", "").body()).contains("checksum");
    }
  }

  @Test
  void itRunsAsAProcessOfItsOwn() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            QdrantDoubleMain.class.getName());
    builder.directory(folder.toFile()).inheritIO();
    builder
        .environment()
        .putAll(
            Map.of(
                "QDRANT__SERVICE__HTTP_PORT",
                "" + port,
                "QDRANT__SERVICE__HOST",
                "127.0.0.1",
                "QDRANT__SERVICE__API_KEY",
                "k"));
    Process process = builder.start();
    try {
      URI address = URI.create("http://127.0.0.1:" + port + "/collections");
      assertThat(awaitStatus(address)).isEqualTo(401);
      assertThat(folder.resolve("storage/raft_state.json")).exists();
    } finally {
      process.destroy();
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private int awaitStatus(URI address) throws Exception {
    for (int i = 0; ; i++) {
      try {
        return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
            .statusCode();
      } catch (IOException e) {
        if (i > 200) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }

  private HttpResponse<String> send(QdrantDouble server, String method, String path, String body)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(server.uri() + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }
}
