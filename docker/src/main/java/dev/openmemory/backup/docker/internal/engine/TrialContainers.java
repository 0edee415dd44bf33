package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.SELContext;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.transport.DockerHttpClient;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Throw-away containers that are started on folders of this host, each in a network of its own that
 * leads nowhere else. They end and are removed with their engine; trials of killed runs are removed
 * by {@link DockerEngine#sweepHelpers}.
 */
public final class TrialContainers {
  private static final String START = "start trial container";
  private static final String NAME = "openmemory-backup-drill-";
  private static final int LOG_LINES = 12;
  private static final int LOG_BYTES = 64 * 1024;

  /** Stream, three zeros, length. */
  private static final int FRAME_HEADER = 8;

  private final DockerClient client;
  private final WatchedTransport transport;
  private final DockerFailure failure;
  private final HelperContainers helpers;
  private final List<String> containers = new ArrayList<>();
  private final List<String> networks = new ArrayList<>();

  TrialContainers(
      DockerClient client,
      WatchedTransport transport,
      DockerFailure failure,
      HelperContainers helpers) {
    this.client = client;
    this.transport = transport;
    this.failure = failure;
    this.helpers = helpers;
  }

  /** The id of the local image of that name or id. */
  public Optional<String> image(String reference) throws IOException {
    return failure.find(
        "inspect", "image " + reference, () -> client.inspectImageCmd(reference).exec().getId());
  }

  /** The id of the local image that a registry knows by that digest, whatever it is called here. */
  public Optional<String> imageOfDigest(String digest) throws IOException {
    return failure.call("list images", "", () -> client.listImagesCmd().exec()).stream()
        .filter(image -> hasDigest(image, digest))
        .map(Image::getId)
        .findFirst();
  }

  private static boolean hasDigest(Image image, String digest) {
    String[] digests = image.getRepoDigests();
    return digests != null && Arrays.stream(digests).anyMatch(d -> d.endsWith("@" + digest));
  }

  /** Fetches an image; a failure of the registry is {@code FAILED}, with what it says. */
  public void pull(String reference, Cancellation cancellation) throws IOException {
    failure.run("pull image", reference, () -> ImagePull.run(transport, reference, cancellation));
  }

  /**
   * Starts a container with the entrypoint of its image, as the owner of the folders, with nothing
   * else to write to, no right that it does not need, and no way out of its network.
   *
   * @param mounts folders of this host to where the container has them
   * @return its id
   */
  public String start(String image, Map<Path, String> mounts, Map<String, String> environment)
      throws IOException {
    String name = NAME + UUID.randomUUID();
    String network = network(name);
    Path first = mounts.keySet().iterator().next();
    String user = owner(first);
    HostConfig host =
        HostConfig.newHostConfig()
            .withNetworkMode(network)
            .withBinds(mounts.entrySet().stream().map(TrialContainers::bind).toList())
            .withReadonlyRootfs(true)
            .withTmpFs(Map.of("/tmp", ""))
            .withCapDrop(Capability.ALL)
            .withSecurityOpts(List.of("no-new-privileges"))
            .withRestartPolicy(RestartPolicy.noRestart());
    if (user.startsWith("0:")) {
      // Restored files keep their owner, and root may not write them without this.
      host.withCapAdd(Capability.DAC_OVERRIDE);
    }
    List<String> variables =
        environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    String id =
        failure.call(
            START,
            "image " + image,
            () ->
                client
                    .createContainerCmd(image)
                    .withName(name)
                    .withLabels(helpers.label())
                    .withUser(user)
                    .withEnv(variables)
                    .withHostConfig(host)
                    .exec()
                    .getId());
    containers.add(id);
    failure.run(START, "container " + name, () -> client.startContainerCmd(id).exec());
    return id;
  }

  private String network(String name) throws BackupException {
    String id =
        failure.call(
            "create network",
            name,
            () ->
                client
                    .createNetworkCmd()
                    .withName(name)
                    .withDriver("bridge")
                    .withInternal(true)
                    .withLabels(helpers.label())
                    .exec()
                    .getId());
    networks.add(id);
    return id;
  }

  /** With a label of its own where SELinux asks for one. */
  private static Bind bind(Map.Entry<Path, String> mount) {
    return new Bind(
        mount.getKey().toString(), new Volume(mount.getValue()), AccessMode.rw, SELContext.single);
  }

  private static String owner(Path folder) throws BackupException {
    try {
      Map<String, Object> file = Files.readAttributes(folder, "unix:uid,gid");
      return file.get("uid") + ":" + file.get("gid");
    } catch (IOException e) {
      throw FileFailure.of(START, folder, e);
    }
  }

  /** Its address in its network. */
  public Optional<String> address(String container) throws IOException {
    return Inspected.container(inspect(container)).address();
  }

  /** How it ended; empty while it runs. */
  public Optional<String> ended(String container) throws IOException {
    InspectContainerResponse.ContainerState state = inspect(container).getState();
    return Boolean.TRUE.equals(state.getRunning())
        ? Optional.empty()
        : Optional.of("ended with exit code " + state.getExitCodeLong());
  }

  private InspectContainerResponse inspect(String container) throws BackupException {
    return failure.call(
        "inspect", "container " + container, () -> client.inspectContainerCmd(container).exec());
  }

  /** The last lines that it said; empty when the engine keeps them elsewhere. */
  public String lastWords(String container) throws IOException {
    try {
      return failure.call("read log", "container " + container, () -> log(container));
    } catch (BackupException e) {
      e.throwIfCancelled();
      return "";
    }
  }

  private String log(String container) throws IOException {
    DockerHttpClient.Request request =
        DockerHttpClient.Request.builder()
            .method(DockerHttpClient.Request.Method.GET)
            .path("/containers/" + container + "/logs?stdout=1&stderr=1&tail=" + LOG_LINES)
            .build();
    try (DockerHttpClient.Response response = transport.execute(request);
        InputStream body = response.getBody()) {
      return response.getStatusCode() == 200 ? frames(new DataInputStream(body)) : "";
    }
  }

  private static String frames(DataInputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] header = new byte[FRAME_HEADER];
    try {
      while (text.length() < LOG_BYTES) {
        in.readFully(header, 0, FRAME_HEADER - Integer.BYTES);
        int length = Math.min(in.readInt(), LOG_BYTES);
        text.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
      }
    } catch (EOFException e) {
      return text.toString().strip();
    }
    return text.toString().strip();
  }

  /** Ends and removes all of this engine; what cannot be removed does not keep the rest. */
  void removeAll() throws IOException {
    BackupException failure = removeEach(containers, helpers::remove, null);
    failure = removeEach(networks, helpers::removeNetwork, failure);
    if (failure != null) {
      throw failure;
    }
  }

  private interface Removal {
    void of(String id) throws BackupException;
  }

  private static @Nullable BackupException removeEach(
      List<String> ids, Removal removal, @Nullable BackupException earlier) {
    BackupException failure = earlier;
    for (String id : List.copyOf(ids)) {
      try {
        removal.of(id);
        ids.remove(id);
      } catch (BackupException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    return failure;
  }
}
