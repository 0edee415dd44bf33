package dev.openmemory.backup.docker.internal.engine;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container as it was when it was inspected.
 *
 * @param id the full id
 * @param name without the leading slash
 * @param image the name that it was created from
 * @param imageId the id of that image
 * @param state {@code created}, {@code running}, {@code paused}, {@code exited} ...; see {@link
 *     #runs}
 * @param labels all labels
 * @param environment values may be secrets: never to be shown or kept
 * @param workingDirectory absolute; {@code /} when the image says nothing
 * @param mounts in no order
 * @param ports published TCP ports: the one in the container to where it can be reached
 * @param addresses of the container itself by network, the first one first; empty text where it has
 *     none
 * @param removedAtEnd whether a stop removes it, with its own layer and its anonymous volumes; a
 *     list does not say
 */
public record Container(
    String id,
    String name,
    String image,
    String imageId,
    String state,
    Map<String, String> labels,
    Map<String, String> environment,
    String workingDirectory,
    List<Mount> mounts,
    Map<Integer, Published> ports,
    Map<String, String> addresses,
    boolean removedAtEnd) {

  public Container {
    labels = Map.copyOf(labels);
    environment = Map.copyOf(environment);
    mounts = List.copyOf(mounts);
    ports = Map.copyOf(ports);
    addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
  }

  /** Where a port can be reached on the engine's host; the address may be {@code 0.0.0.0}. */
  public record Published(String address, int port) {}

  /** In its first network that gives one. */
  public Optional<String> address() {
    return addresses.values().stream().filter(address -> !address.isEmpty()).findFirst();
  }

  /** Whether its processes get to run now. */
  public boolean runs() {
    return state.equals("running") || state.equals("restarting");
  }

  /** Whether its processes exist and are frozen. */
  public boolean isPaused() {
    return state.equals("paused");
  }

  /** The mount that an absolute path is in; empty when it is in the container's own layer. */
  public Optional<Mount> mountAt(String path) {
    return mounts.stream()
        .filter(mount -> mount.contains(path))
        .max(Comparator.comparingInt(mount -> mount.destination().length()));
  }

  /** The value of a label, or empty text. */
  public String label(String key) {
    return labels.getOrDefault(key, "");
  }

  /** Without the environment: its values may be secrets. */
  @Override
  public String toString() {
    return "Container[" + name + ", " + image + ", " + state + "]";
  }
}
