package dev.openmemory.backup.it.docker;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the data of an installation lives. Mounts are written as in a compose file. */
enum Layout {
  /** The database beside the compose file, vectors in a volume. */
  BOUND_API(
      "mem0_storage:/qdrant/storage", "./api:" + Layout.WORKING_FOLDER, Layout.WORKING_FOLDER),

  /** Upstream's mistake: Qdrant does not write where the volume is, so vectors are in its layer. */
  EMPTY_VOLUME(
      "mem0_storage:/mem0/storage", "./api:" + Layout.WORKING_FOLDER, Layout.WORKING_FOLDER),

  /** Made by run.sh: nothing on the host, config.json in the layer of the API's container. */
  DATABASE_VOLUME("qdrant_data:/qdrant/storage", "openmemory_db:/data", "/data"),

  /** Made by run.sh, and the database in the layer of the API's container too. */
  DATABASE_IN_LAYER("qdrant_data:/qdrant/storage", "", Layout.WORKING_FOLDER);

  private static final String WORKING_FOLDER = "/usr/src/openmemory";

  private final String storeMount;
  private final String apiMount;
  private final String databaseFolder;

  Layout(String storeMount, String apiMount, String databaseFolder) {
    this.storeMount = storeMount;
    this.apiMount = apiMount;
    this.databaseFolder = databaseFolder;
  }

  List<String> storeMounts() {
    return List.of(storeMount);
  }

  List<String> apiMounts() {
    return apiMount.isEmpty() ? List.of() : List.of(apiMount);
  }

  String databaseFolder() {
    return databaseFolder;
  }

  List<String> volumes() {
    return List.of(storeMount, apiMount).stream()
        .filter(mount -> !mount.isEmpty() && !mount.startsWith("./"))
        .map(mount -> mount.substring(0, mount.indexOf(':')))
        .toList();
  }

  boolean bindsApi() {
    return apiMount.startsWith("./");
  }

  /** Unset where upstream's default holds. */
  Optional<String> databaseUrl() {
    return databaseFolder.equals(WORKING_FOLDER)
        ? Optional.empty()
        : Optional.of("sqlite:///" + Path.of(databaseFolder, "openmemory.db"));
  }
}
