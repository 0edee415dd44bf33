package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testkit.BackupSourceContract;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class QdrantSnapshotSourceContractTest extends BackupSourceContract {
  @TempDir Path servers;
  private @Nullable QdrantDouble server;

  @AfterEach
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected BackupSourceProvider provider() {
    return new QdrantSnapshotSourceProvider();
  }

  @Override
  protected ProviderOptions install(Path home) throws IOException {
    server = QdrantDouble.start(servers.resolve("storage"));
    server().createCollection("openmemory");
    server().createCollection("my memories");
    server().alias("memories", "openmemory");
    mutate(home);
    return new ProviderOptions(
        "qdrant-snapshot",
        Map.of("urls", server().uri().toString(), "work", home.resolve("work").toString()));
  }

  private QdrantDouble server() {
    return Objects.requireNonNull(server);
  }

  @Override
  protected void mutate(Path home) {
    server().put("openmemory", UUID.randomUUID(), "alice");
    server().put("my memories", UUID.randomUUID(), "alice");
  }

  @Override
  protected Object state(Path home) {
    Map<String, Object> state = new TreeMap<>();
    for (String collection : server().collections()) {
      state.put(collection, server().ids(collection));
    }
    state.put("aliases", server().aliases());
    return state;
  }

  /** What a rollback leaves is also what it has uploaded, and nothing of that. */
  @Override
  protected Object footprint(Path home) throws Exception {
    return List.of(super.footprint(home), state(home));
  }

  @Override
  protected List<String> leftovers() {
    return new ArrayList<>(server().snapshotFiles());
  }

  @Override
  protected void breakInstallation(Path home) throws IOException {
    server().close();
  }

  /** Several collections have no instant in common while somebody writes. */
  @Override
  protected boolean needsQuiesce() {
    return true;
  }

  /** So small an archive is mostly padding, and the index is no archive. */
  @Override
  protected byte[] damage(String name, byte[] plain) {
    return name.endsWith(".json")
        ? "{\"qdrantVersion\":".getBytes(StandardCharsets.UTF_8)
        : Arrays.copyOf(plain, 1000);
  }
}
