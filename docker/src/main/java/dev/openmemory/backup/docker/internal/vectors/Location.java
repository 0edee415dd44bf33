package dev.openmemory.backup.docker.internal.vectors;

import dev.openmemory.backup.docker.internal.engine.Container;
import dev.openmemory.backup.docker.internal.engine.EngineDirectory;
import dev.openmemory.backup.docker.internal.engine.Mount;
import dev.openmemory.backup.docker.internal.engine.Volume;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the storage really is, by the mounts of this moment.
 *
 * @param container Qdrant's, if it exists
 * @param path of the storage in it
 * @param mount of the container that the path is in; empty when it is in the container's layer, or
 *     when there is no container
 * @param volume the one that the storage is in, if it is in one that exists
 * @param place for the engine
 * @param onEngineHost the path on the engine's host, where there is one
 */
record Location(
    Optional<Container> container,
    String path,
    Optional<Mount> mount,
    Optional<Volume> volume,
    EngineDirectory place,
    Optional<String> onEngineHost) {

  boolean isInLayer() {
    return container.isPresent() && mount.isEmpty() && volume.isEmpty();
  }

  /** For people. */
  String describe() {
    String at = container.map(c -> c.name() + ":" + path).orElse("");
    if (volume.isPresent()) {
      String name = "volume " + volume.get().name();
      return at.isEmpty() ? name : name + ", at " + at;
    }
    if (mount.isPresent()) {
      return "folder " + mount.get().source() + " of the host, at " + at;
    }
    return isInLayer()
        ? "the own layer of container " + container.get().name() + ", at " + path
        : place.describe();
  }

  /** The same text whichever container mounts it. */
  String identity() {
    if (volume.isPresent()) {
      return "volume " + volume.get().name();
    }
    return mount.map(m -> "folder " + m.source() + " of the host").orElse(place.describe());
  }

  Map<String, Object> facts(boolean direct) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("from", describe());
    facts.put("read", direct ? "directory" : "engine");
    volume.ifPresent(v -> facts.put("volume", v.name()));
    container.ifPresent(
        c -> {
          facts.put("container", c.name());
          facts.put("image", c.image());
        });
    return facts;
  }
}
