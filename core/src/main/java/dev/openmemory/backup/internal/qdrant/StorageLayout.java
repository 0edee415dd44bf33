package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.archive.TarSummary;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the names in a Qdrant storage directory mean (Qdrant 1.7 to 1.19). */
public final class StorageLayout {
  /** What Qdrant wipes or recreates when it starts, what is ours, and what file systems make. */
  private static final Pattern TRANSIENT =
      Pattern.compile(
          "tmp|\\.deleted|\\.qdrant_fs_check|snapshots_temp|lost\\+found|\\.openmemory-backup"
              + "|collections/[^/]+/[^/]+/temp_segments");

  private static final String STATE = "raft_state.json";
  private static final String COLLECTIONS = "collections";

  /** A storage has one of these at least. */
  public static final List<String> NAMES = List.of(STATE, COLLECTIONS);

  private static final Pattern COLLECTION_CONFIG =
      Pattern.compile("collections/([^/]+)/config\\.json");
  private static final Pattern COLLECTION = Pattern.compile("collections/([^/]+)");

  private StorageLayout() {}

  /** Whether it is of no use in a backup, with all that is in it. */
  public static boolean isTransient(String name) {
    return TRANSIENT.matcher(name).matches();
  }

  /** Whether the names are those of a storage. */
  public static boolean isStorage(Collection<String> files, Collection<String> directories) {
    return files.contains(STATE) || directories.contains(COLLECTIONS);
  }

  /** The collections that Qdrant will load. */
  public static SortedSet<String> collections(Collection<String> files) {
    return matches(COLLECTION_CONFIG, files);
  }

  /** Warns of directories of collections that Qdrant will skip. */
  public static void warnOfIncomplete(
      Collection<String> files,
      Collection<String> directories,
      String storage,
      Consumer<Warning> warnings) {
    for (String name : incompleteCollections(files, directories)) {
      warnings.accept(
          new Warning(
              "collection-without-config",
              storage
                  + "/collections/"
                  + name
                  + " has no config.json, so that Qdrant does not load it"));
    }
  }

  /** The directories of collections that Qdrant will skip. */
  private static SortedSet<String> incompleteCollections(
      Collection<String> files, Collection<String> directories) {
    SortedSet<String> incomplete = matches(COLLECTION, directories);
    incomplete.removeAll(collections(files));
    return incomplete;
  }

  /**
   * What is known of a storage.
   *
   * @param origin what the source knows beyond the content
   */
  public static Facts facts(
      SortedSet<String> collections, TarSummary summary, Map<String, Object> origin) {
    Map<String, Object> facts = new LinkedHashMap<>(facts(collections).values());
    facts.put("files", summary.files());
    facts.put("directories", summary.directories());
    facts.put("apparentBytes", summary.apparentBytes());
    facts.putAll(origin);
    return new Facts(facts);
  }

  /** That these collections are there, and no other. */
  public static Facts facts(Collection<String> collections) {
    return new Facts(Map.of("collections", List.copyOf(collections)));
  }

  private static SortedSet<String> matches(Pattern pattern, Collection<String> names) {
    SortedSet<String> found = new TreeSet<>();
    for (String name : names) {
      Matcher matcher = pattern.matcher(name);
      if (matcher.matches()) {
        found.add(matcher.group(1));
      }
    }
    return found;
  }
}
