package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.process.Owner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Containers of ours that are created from an empty image and never started: through them the
 * engine reads and writes volumes, without locking the containers that use them and without an
 * image from elsewhere.
 */
final class HelperContainers {
  /** On each of them; the value is the {@link Owner} as JSON. */
  static final String LABEL = "dev.openmemory.backup.helper";

  /** Of our image, so on each container that is made of it: runs in them take turns by locks. */
  private static final String PROGRAM_LABEL = "dev.openmemory.backup.program";

  /** Where the volume is; no image has anything there, which the engine would copy. */
  static final String DIRECTORY = "/openmemory-backup-volume";

  static final String IMAGE = "openmemory-backup/empty:1";

  private static final String CREATE = "create helper container";
  private static final String REMOVE = "remove helper container";
  private static final int ATTEMPTS = 3;

  private final DockerClient client;
  private final WatchedTransport transport;
  private final DockerFailure failure;
  private final Clock clock;
  private final Owner owner;
  private final Map<Key, String> helpers = new HashMap<>();
  private final Set<String> images = new HashSet<>();

  private record Key(String volume, boolean writable) {}

  HelperContainers(
      DockerClient client, WatchedTransport transport, DockerFailure failure, Clock clock) {
    this.client = client;
    this.transport = transport;
    this.failure = failure;
    this.clock = clock;
    this.owner = Owner.ofThisProcess(clock);
  }

  /** Whether it is one of ours, of any run, or this program runs in it. */
  static boolean isOurs(com.github.dockerjava.api.model.Container listed) {
    return labels(listed).containsKey(LABEL) || labels(listed).containsKey(PROGRAM_LABEL);
  }

  /** The id of a helper for the volume, which has the content at {@link #DIRECTORY}. */
  String of(String volume, boolean writable) throws IOException {
    Key key = new Key(volume, writable);
    String id = helpers.get(key);
    if (id == null) {
      requireVolume(volume);
      id = create(volume, writable);
      helpers.put(key, id);
    }
    return id;
  }

  /**
   * A container of that image, to be started and removed by the caller, with nothing but the volume
   * and without a network.
   */
  String oneShot(String volume, String image, List<String> command) throws IOException {
    CreateContainerCmd create =
        describe(image, volume, true)
            .withUser("0:0")
            .withEntrypoint(command.get(0))
            .withCmd(command.subList(1, command.size()));
    return failure.call(CREATE, "volume " + volume, () -> create.exec().getId());
  }

  /** Removes a container of ours, running or not; one that is gone is fine. */
  void remove(String id) throws BackupException {
    try {
      failure.run(
          REMOVE, "container " + id, () -> client.removeContainerCmd(id).withForce(true).exec());
    } catch (BackupException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Removes ours for that volume, which else would keep it in use. */
  void release(String volume) throws IOException {
    for (Key key : List.of(new Key(volume, false), new Key(volume, true))) {
      String id = helpers.get(key);
      if (id != null) {
        remove(id);
        helpers.remove(key);
      }
    }
  }

  /** Removes helpers of owners that have ended, and the image. Returns which. */
  List<String> sweep() throws IOException {
    List<String> removed = new ArrayList<>();
    for (com.github.dockerjava.api.model.Container found : all()) {
      if (isLeftOver(found.getLabels()) && isRemovedBy(() -> remove(found.getId()))) {
        removed.add("container " + String.join(", ", found.getNames()));
      }
    }
    for (Network found : networks()) {
      if (isLeftOver(found.getLabels()) && isRemovedBy(() -> removeNetwork(found.getId()))) {
        removed.add("network " + found.getName());
      }
    }
    if (removeImage(IMAGE)) {
      removed.add("image " + IMAGE);
    }
    return removed;
  }

  /** Not when another run removes it, or what is in it, at the same moment. */
  private static boolean isRemovedBy(Undo.Step removal) throws IOException {
    try {
      removal.run();
      return true;
    } catch (BackupException e) {
      if (e.kind() != Kind.LOCKED && !e.fact().contains("active endpoints")) {
        throw e;
      }
      return false;
    }
  }

  /** The label of what belongs to this run. */
  Map<String, String> label() {
    return Map.of(LABEL, label(owner));
  }

  /** Removes a network of ours; one that is gone is fine. */
  void removeNetwork(String id) throws BackupException {
    try {
      failure.run("remove network", id, () -> client.removeNetworkCmd(id).exec());
    } catch (BackupException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
    }
  }

  private List<Network> networks() throws BackupException {
    return failure.call(
        "list networks",
        "",
        () -> client.listNetworksCmd().withFilter("label", List.of(LABEL)).exec());
  }

  /** Removes ours, and the image unless another run uses it. */
  void removeAll() throws IOException {
    for (Key key : List.copyOf(helpers.keySet())) {
      release(key.volume());
    }
    // When two runs import at once, one image loses its name and is only known by its id.
    for (String image : List.copyOf(images)) {
      removeImage(image);
    }
    if (!images.isEmpty()) {
      removeImage(IMAGE);
    }
    images.clear();
  }

  private List<com.github.dockerjava.api.model.Container> all() throws BackupException {
    return failure.call(
        "list helper containers",
        "",
        () -> client.listContainersCmd().withShowAll(true).withLabelFilter(List.of(LABEL)).exec());
  }

  private boolean isLeftOver(@Nullable Map<String, String> labels) {
    String text = labels == null ? "" : labels.getOrDefault(LABEL, "");
    byte[] label = text.getBytes(StandardCharsets.UTF_8);
    try {
      return Owner.fromJson(JsonObject.parse(label, LABEL)).isGone(clock);
    } catch (BackupException e) {
      // Its owner is not known.
      return false;
    }
  }

  static String label(Owner owner) {
    return new String(Json.write(owner.toJson()), StandardCharsets.UTF_8);
  }

  private static Map<String, String> labels(com.github.dockerjava.api.model.Container listed) {
    return Objects.requireNonNullElse(listed.getLabels(), Map.of());
  }

  private void requireVolume(String volume) throws BackupException {
    // Creating a container that names a volume which does not exist creates that volume.
    failure.call(
        "inspect volume", "volume " + volume, () -> client.inspectVolumeCmd(volume).exec());
  }

  private String create(String volume, boolean writable) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        CreateContainerCmd create = describe(IMAGE, volume, writable).withCmd("never-started");
        String id = failure.call(CREATE, "volume " + volume, () -> create.exec().getId());
        images.add(imageOf(id));
        return id;
      } catch (BackupException e) {
        if (e.kind() != Kind.NOT_FOUND || attempt == ATTEMPTS) {
          throw e;
        }
        importImage();
      }
    }
  }

  private CreateContainerCmd describe(String image, String volume, boolean writable) {
    Mount mount =
        new Mount()
            .withType(MountType.VOLUME)
            .withSource(volume)
            .withTarget(DIRECTORY)
            .withReadOnly(!writable)
            .withVolumeOptions(new VolumeOptions().withNoCopy(true));
    return client
        .createContainerCmd(image)
        .withName("openmemory-backup-" + UUID.randomUUID())
        .withLabels(label())
        .withHostConfig(
            HostConfig.newHostConfig().withNetworkMode("none").withMounts(List.of(mount)));
  }

  private void importImage() throws IOException {
    failure.run(
        "import the empty image",
        IMAGE,
        () -> ImageImport.run(transport, IMAGE, SingleEntryTar.empty()));
  }

  private String imageOf(String id) throws BackupException {
    return failure.call(
        CREATE, "container " + id, () -> client.inspectContainerCmd(id).exec().getImageId());
  }

  private boolean removeImage(String image) throws BackupException {
    try {
      failure.run("remove image", image, () -> client.removeImageCmd(image).exec());
      return true;
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND || e.kind() == Kind.LOCKED) {
        return false;
      }
      throw e;
    }
  }
}
