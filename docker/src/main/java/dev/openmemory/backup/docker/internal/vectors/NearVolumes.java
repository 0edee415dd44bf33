package dev.openmemory.backup.docker.internal.vectors;

import dev.openmemory.backup.docker.internal.engine.Volume;
import dev.openmemory.backup.internal.text.EditDistance;
import java.util.List;
import java.util.stream.Stream;

/** Volumes with names like one that does not exist. */
public final class NearVolumes {
  private static final String COMPOSE_VOLUME = "com.docker.compose.volume";

  private NearVolumes() {}

  /** For people. */
  public static String describe(String wanted, List<Volume> volumes) {
    if (volumes.isEmpty()) {
      return "the engine has no volume at all";
    }
    List<String> near =
        Stream.concat(sameKey(wanted, volumes), sameEnd(wanted, volumes)).distinct().toList();
    return near.isEmpty()
        ? "no volume of the engine has a name like it"
        : "near it are " + String.join(", ", near);
  }

  /** Volumes that Compose made for the same entry of another project. */
  private static Stream<String> sameKey(String wanted, List<Volume> volumes) {
    return volumes.stream()
        .filter(v -> !v.label(COMPOSE_VOLUME).isEmpty())
        .filter(v -> wanted.endsWith(v.label(COMPOSE_VOLUME)))
        .map(Volume::name)
        .sorted();
  }

  private static Stream<String> sameEnd(String wanted, List<Volume> volumes) {
    return volumes.stream()
        .map(Volume::name)
        .filter(name -> EditDistance.between(name, wanted) <= Math.max(2, wanted.length() / 4))
        .sorted();
  }
}
