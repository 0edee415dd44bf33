package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.qdrant.server.Alias;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What servers had before a restore.
 *
 * @param collections that the restore changes
 * @param aliases all of them
 */
record StateBefore(List<Saved> collections, List<Alias> aliases) {

  /**
   * A collection.
   *
   * @param snapshots one for each node; none when there was no such collection
   */
  record Saved(String collection, List<File> snapshots) {
    Saved {
      snapshots = List.copyOf(snapshots);
    }
  }

  /** A snapshot of it in the folder of the restore. */
  record File(String name, String sha256) {}

  StateBefore {
    collections = List.copyOf(collections);
    aliases = List.copyOf(aliases);
  }

  byte[] write() {
    List<Map<String, Object>> entries = new ArrayList<>();
    for (Saved saved : collections) {
      entries.add(
          Map.of(
              "collection",
              saved.collection(),
              "snapshots",
              saved.snapshots().stream()
                  .map(file -> Map.of("name", file.name(), "sha256", file.sha256()))
                  .toList()));
    }
    Map<String, String> names = new LinkedHashMap<>();
    aliases.forEach(alias -> names.put(alias.name(), alias.collection()));
    return Json.write(Map.of("collections", entries, "aliases", names));
  }

  static StateBefore read(byte[] text, String location) throws BackupException {
    JsonObject json = JsonObject.parse(text, location);
    List<Saved> collections = new ArrayList<>();
    for (JsonObject entry : json.objects("collections")) {
      List<File> files = new ArrayList<>();
      for (JsonObject file : entry.objects("snapshots")) {
        files.add(new File(file.string("name"), file.string("sha256")));
      }
      collections.add(new Saved(entry.string("collection"), files));
    }
    List<Alias> aliases = new ArrayList<>();
    json.texts("aliases").forEach((name, collection) -> aliases.add(new Alias(name, collection)));
    return new StateBefore(collections, aliases);
  }
}
