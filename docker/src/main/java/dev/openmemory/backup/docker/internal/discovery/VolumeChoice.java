package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.docker.internal.engine.Volume;
import java.util.List;
import java.util.Optional;

/** Volumes of a project that no container mentions. */
record VolumeChoice(List<Volume> volumes, String project) {
  private static final String VECTORS = "mem0_storage";
  private static final List<String> VECTORS_KEYS =
      List.of(VECTORS, "qdrant_data", "qdrant_storage");
  private static final String DATABASE = "openmemory_db";

  Optional<Volume> vectors() {
    return VECTORS_KEYS.stream().flatMap(key -> find(key).stream()).findFirst();
  }

  /** What Compose will call the volume of the vectors. */
  String nameForVectors() {
    return project + "_" + VECTORS;
  }

  Optional<Volume> database() {
    return find(DATABASE);
  }

  /** The volume of that key in the project's Compose file, by its label or else by its name. */
  private Optional<Volume> find(String key) {
    return volumes.stream()
        .filter(v -> v.label(DiscoveryInput.PROJECT_LABEL).equals(project))
        .filter(v -> v.label(DiscoveryInput.VOLUME_LABEL).equals(key))
        .findFirst()
        .or(() -> volumes.stream().filter(v -> v.name().equals(project + "_" + key)).findFirst());
  }
}
