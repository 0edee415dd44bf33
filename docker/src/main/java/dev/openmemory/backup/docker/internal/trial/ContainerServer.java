package dev.openmemory.backup.docker.internal.trial;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.engine.TrialContainers;
import dev.openmemory.backup.docker.internal.host.HostPaths;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.TrialFolders;
import dev.openmemory.backup.spi.TrialServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** See {@link ContainerServerProvider}. */
final class ContainerServer implements TrialServer {
  private static final String START = "start Qdrant";
  private static final int PORT = 6333;
  private static final String STORAGE = "/qdrant/storage";
  private static final String SNAPSHOTS = "/qdrant/snapshots";
  private static final String TEMPORARY = "/qdrant/openmemory-backup-temporary";

  private final Endpoint endpoint;
  private final ImageChoice choice;
  private @Nullable DockerEngine engine;
  private String image = "";
  private String container = "";

  ContainerServer(Endpoint endpoint, ImageChoice choice) {
    this.endpoint = endpoint;
    this.choice = choice;
  }

  @Override
  public String prepare(Facts stated, RunContext context) throws IOException {
    DockerEngine connected = DockerEngine.connect(endpoint);
    engine = connected;
    connected.sweepHelpers();
    requireHostReach(connected);
    image = choice.find(connected.trials(), stated, context.cancellation());
    return "container of image " + connected.imageDigest(image).orElse(image);
  }

  /** Its files have to be those of this host, and its address one that this host reaches. */
  private static void requireHostReach(DockerEngine engine) throws IOException {
    if (HostPaths.of(engine) instanceof HostPaths.Mounted) {
      throw unsupported(
          engine, "is asked from within a container, and sees no temporary files there");
    }
    if (!engine.isThisHost()) {
      throw unsupported(engine, "is not of this host, so its containers see no files of it");
    }
    if (!engine.isPrivileged()) {
      throw unsupported(
          engine,
          "is rootless or maps users, so this host neither reaches the addresses of its containers"
              + " nor shares files with them");
    }
  }

  private static BackupException unsupported(DockerEngine engine, String fact) {
    return Kind.UNSUPPORTED.failure(START, engine.endpoint().uri(), fact);
  }

  @Override
  public void start(TrialFolders folders, RunContext context) throws IOException {
    TrialContainers trials = connected().trials();
    Map<Path, String> mounts = new LinkedHashMap<>();
    mounts.put(folders.storage(), STORAGE);
    mounts.put(folders.snapshots(), SNAPSHOTS);
    mounts.put(folders.temporary(), TEMPORARY);
    container = trials.start(image, mounts, environment());
  }

  @Override
  public Optional<URI> address() throws IOException {
    return container.isEmpty()
        ? Optional.empty()
        : connected().trials().address(container).map(ContainerServer::uri);
  }

  private static URI uri(String address) {
    String host = address.contains(":") ? "[" + address + "]" : address;
    return URI.create("http://" + host + ":" + PORT);
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("QDRANT__SERVICE__HOST", "0.0.0.0");
    environment.put("QDRANT__SERVICE__HTTP_PORT", String.valueOf(PORT));
    environment.put("QDRANT__STORAGE__STORAGE_PATH", STORAGE);
    environment.put("QDRANT__STORAGE__SNAPSHOTS_PATH", SNAPSHOTS);
    environment.put("QDRANT__STORAGE__TEMP_PATH", TEMPORARY);
    environment.put("QDRANT__TELEMETRY_DISABLED", "true");
    // In place of a file in the image, which is read-only.
    environment.put("QDRANT_INIT_FILE_PATH", TEMPORARY + "/.qdrant-initialized");
    return environment;
  }

  @Override
  public Optional<String> ended() throws IOException {
    return container.isEmpty() ? Optional.empty() : connected().trials().ended(container);
  }

  @Override
  public String lastWords() throws IOException {
    return container.isEmpty() ? "" : connected().trials().lastWords(container);
  }

  private DockerEngine connected() {
    DockerEngine known = engine;
    if (known == null) {
      throw new IllegalStateException("not prepared");
    }
    return known;
  }

  @Override
  public void close() throws IOException {
    DockerEngine known = engine;
    engine = null;
    if (known != null) {
      known.close();
    }
  }
}
