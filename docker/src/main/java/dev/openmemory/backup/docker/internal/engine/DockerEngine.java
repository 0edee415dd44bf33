package dev.openmemory.backup.docker.internal.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.docker.internal.connect.Endpoint;
import dev.openmemory.backup.docker.internal.connect.SshBridge;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.target.Waiter;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Docker engine. All failures are {@link BackupException}s: {@code UNAVAILABLE} when nothing
 * answers, {@code DENIED} when the socket may not be used, {@code NOT_FOUND} for what is not there,
 * {@code CORRUPT} for an archive that ends early. Not thread-safe, but for {@link #resume}.
 */
public final class DockerEngine implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(DockerEngine.class);

  private static final List<String> SSH = List.of("ssh");

  private final Endpoint endpoint;
  private final Optional<SshBridge> bridge;
  private final WatchedTransport transport;
  private final DockerClient client;
  private final DockerFailure failure;
  private final EngineFiles files;
  private final HelperContainers helpers;
  private final ContainerList list;
  private final Lifecycle lifecycle;
  private final TrialContainers trials;
  private String version = "";
  private boolean thisHost;
  private boolean privileged;

  private DockerEngine(
      Endpoint endpoint, Optional<SshBridge> bridge, LongSupplier nanoTime, Waiter waiter)
      throws UnknownHostException {
    this.endpoint = endpoint;
    this.bridge = bridge;
    DefaultDockerClientConfig config =
        WatchedTransport.config(bridge.map(SshBridge::local).orElse(endpoint));
    transport = WatchedTransport.to(config, nanoTime);
    client = DockerClientImpl.getInstance(config, transport);
    failure = new DockerFailure(endpoint);
    helpers = new HelperContainers(client, transport, failure, Clock.systemUTC());
    files =
        new EngineFiles(
            client, failure, new Archives(client, transport, failure), helpers, this::containers);
    list = new ContainerList(client, transport, failure);
    lifecycle = new Lifecycle(client, failure, waiter);
    trials = new TrialContainers(client, transport, failure, helpers);
  }

  /** Connects to the endpoint and agrees on a version of the API. */
  public static DockerEngine connect(Endpoint endpoint) throws IOException {
    return connect(endpoint, SSH, System::nanoTime, Waiter.SLEEP);
  }

  /**
   * As the other, where time passes as it is said.
   *
   * @param ssh the program for an engine on another host, and its first arguments
   */
  static DockerEngine connect(
      Endpoint endpoint, List<String> ssh, LongSupplier nanoTime, Waiter waiter)
      throws IOException {
    DockerFailure failure = new DockerFailure(endpoint);
    DockerEngine engine =
        failure.call(
            DockerFailure.CONNECT,
            endpoint.uri(),
            () ->
                new DockerEngine(
                    endpoint, SshBridge.to(endpoint, ssh, System.getenv()), nanoTime, waiter));
    try {
      engine.greet();
      return engine;
    } catch (BackupException e) {
      BackupException explained =
          engine.bridge.map(way -> way.explain(DockerFailure.CONNECT, endpoint.uri(), e)).orElse(e);
      Undo.after(explained, engine::disconnect);
      throw explained;
    }
  }

  private void disconnect() throws IOException {
    Closeable way =
        () -> {
          if (bridge.isPresent()) {
            bridge.get().close();
          }
        };
    try (way) {
      transport.close();
    }
  }

  private void greet() throws BackupException {
    version =
        failure.call(
            DockerFailure.CONNECT,
            endpoint.uri(),
            () -> Objects.toString(client.versionCmd().exec().getVersion(), "unknown"));
    Info info = failure.call(DockerFailure.CONNECT, endpoint.uri(), () -> client.infoCmd().exec());
    thisHost = HostIdentity.isThisHost(endpoint, info);
    privileged = HostIdentity.isPrivileged(info);
    LOG.debug(
        "Engine {} at {} by {}, on this host: {}",
        version,
        endpoint.uri(),
        endpoint.origin(),
        thisHost);
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  /** The version of the engine, for people. */
  public String version() {
    return version;
  }

  /**
   * Whether its containers run on the kernel of this process, so that paths, locks and memory maps
   * are shared with them. In doubt not.
   *
   * @see HostIdentity
   */
  public boolean isThisHost() {
    return thisHost;
  }

  /**
   * Whether user ids in its containers are those of its host, which reaches their addresses: not so
   * when it is rootless or maps users.
   */
  public boolean isPrivileged() {
    return privileged;
  }

  /** Its throw-away containers. */
  public TrialContainers trials() {
    return trials;
  }

  /** What is in its volumes and containers. */
  public EngineFiles files() {
    return files;
  }

  /** All containers, also stopped ones, without our helpers and those that run this program. */
  public List<Container> containers() throws IOException {
    return containers(listed -> true);
  }

  /**
   * The same without containers that the engine cannot inspect, such as one that hangs.
   *
   * @param matters asked with what the list says, as {@link #listed} has it: whether such a one is
   *     a failure
   */
  public List<Container> containers(Predicate<Container> matters) throws IOException {
    return list.inspected(matters, this::container);
  }

  /**
   * All containers as the list of the engine shows them: without environment, working directory,
   * ports and address. None is asked, so that one that hangs is no hindrance, but where the list
   * lacks mounts.
   */
  public List<Container> listed() throws IOException {
    return list.listed(this::container);
  }

  /** The container of that name or id. */
  public Optional<Container> container(String nameOrId) throws IOException {
    return failure.find(
        "inspect",
        "container " + nameOrId,
        () -> Inspected.container(client.inspectContainerCmd(nameOrId).exec()));
  }

  /** The digest by which a registry knows the image, if it came from one. */
  public Optional<String> imageDigest(String imageId) throws IOException {
    return failure.find("inspect", "image " + imageId, () -> digests(imageId)).stream()
        .flatMap(List::stream)
        .map(digest -> digest.substring(digest.indexOf('@') + 1))
        .findFirst();
  }

  private List<String> digests(String imageId) {
    List<String> digests = client.inspectImageCmd(imageId).exec().getRepoDigests();
    return digests == null ? List.of() : digests;
  }

  public List<Volume> volumes() throws IOException {
    List<InspectVolumeResponse> volumes =
        failure.call("list volumes", "", () -> client.listVolumesCmd().exec().getVolumes());
    return volumes == null ? List.of() : volumes.stream().map(Inspected::volume).toList();
  }

  public Optional<Volume> volume(String name) throws IOException {
    return failure.find(
        "inspect", "volume " + name, () -> Inspected.volume(client.inspectVolumeCmd(name).exec()));
  }

  /**
   * Creates an empty volume of the local driver.
   *
   * @throws BackupException of kind {@code ALREADY_EXISTS} when there is one of that name
   */
  public void createVolume(String name, Map<String, String> labels) throws IOException {
    // The engine answers a name that is taken as if it had made it.
    if (volume(name).isPresent()) {
      throw Kind.ALREADY_EXISTS.failure(
          "create", "volume " + name, "there is a volume of that name");
    }
    failure.call(
        "create",
        "volume " + name,
        () ->
            client.createVolumeCmd().withName(name).withDriver("local").withLabels(labels).exec());
  }

  /**
   * Removes a volume that no container uses.
   *
   * @throws BackupException of kind {@code LOCKED} when one does
   */
  public void removeVolume(String name) throws IOException {
    helpers.release(name);
    failure.run("remove", "volume " + name, () -> client.removeVolumeCmd(name).exec());
  }

  /**
   * Freezes the processes of a container; tried again when the engine cannot at once. One that is
   * frozen stays so.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when it cannot be frozen; then it runs, or
   *     did not run before
   */
  public void pause(String container, Cancellation cancellation) throws IOException {
    lifecycle.pause(container, cancellation);
  }

  /** How long {@link #stop} takes at most, but for an engine that does not answer. */
  public static final Duration LONGEST_STOP = Duration.ofSeconds(Lifecycle.STOP_SECONDS);

  /**
   * Stops a container in order; killed by the engine when it does not end in {@link #LONGEST_STOP}.
   * Fine when it does not run, and however it ends. After a failure, also an interrupt, it returns
   * when the engine has stopped the container or will not do so any more.
   */
  public void stop(String container) throws IOException {
    lifecycle.stop(container);
  }

  /**
   * As {@link #stop}; but one that is paused is killed, since the engine lets it run again before
   * it asks it to end.
   */
  public void end(String container) throws IOException {
    lifecycle.end(container);
  }

  /**
   * Watches containers that run for as long as a stop that was asked for before could take, and
   * resumes containers that end meanwhile. One that does not exist is left out.
   *
   * @throws BackupException of kind {@code FAILED} when one ends again and again
   */
  public void keepRunning(List<Container> containers) throws IOException {
    lifecycle.keepRunning(containers);
  }

  /**
   * Lets a container run, whether it is paused, stopped or running. May be called from any thread,
   * beside a call of another, and works in a thread that was interrupted.
   */
  public void resume(String container) throws IOException {
    Uninterrupted.run(() -> lifecycle.resume(container));
  }

  /**
   * Removes helper containers and images, and trial containers with their networks, of runs that
   * have ended. Returns what was removed, for people.
   */
  public List<String> sweepHelpers() throws IOException {
    return helpers.sweep();
  }

  /**
   * Removes our trial and helper containers, networks and image, and disconnects. Streams that are
   * still open break. Works in a thread that was interrupted.
   */
  @Override
  public void close() throws IOException {
    Closeable connection = this::disconnect;
    Closeable helping = () -> Uninterrupted.run(helpers::removeAll);
    try (connection;
        helping) {
      transport.cutOff();
      Uninterrupted.run(trials::removeAll);
    }
  }
}
