package dev.openmemory.backup.testkit.qdrant;

import dev.openmemory.backup.internal.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collections and aliases, in a directory laid out as Qdrant's. A caller locks it. */
final class DoubleStore {
  private final Path storage;
  private final TreeMap<String, DoubleCollection> collections = new TreeMap<>();
  private final TreeMap<String, Object> aliases = new TreeMap<>();

  private DoubleStore(Path storage) {
    this.storage = storage;
  }

  static DoubleStore open(Path storage) throws IOException {
    DoubleStore store = new DoubleStore(storage);
    Files.createDirectories(storage.resolve("collections"));
    Files.createDirectories(storage.resolve("aliases"));
    Path state = storage.resolve("raft_state.json");
    if (!Files.exists(state)) {
      Files.write(state, "{\"this_peer_id\":1}".getBytes(StandardCharsets.UTF_8));
    }
    store.load();
    return store;
  }

  private void load() throws IOException {
    for (Path directory : children(storage.resolve("collections"))) {
      if (Files.exists(directory.resolve(DoubleCollection.CONFIG))) {
        try {
          collections.put(directory.getFileName().toString(), DoubleCollection.load(directory));
        } catch (DoubleAnswer e) {
          throw new IOException("cannot load " + directory, e);
        }
      }
    }
    Path file = storage.resolve("aliases/data.json");
    if (Files.exists(file)) {
      Json.readObject(Files.readAllBytes(file), "aliases/data.json")
          .forEach((alias, name) -> aliases.put(alias, String.valueOf(name)));
    }
  }

  List<String> names() {
    return List.copyOf(collections.keySet());
  }

  Map<String, Object> aliases() {
    return aliases;
  }

  /** The name itself, or what it is an alias of. */
  String target(String name) {
    return String.valueOf(aliases.getOrDefault(name, name));
  }

  @Nullable DoubleCollection find(String name) {
    return collections.get(target(name));
  }

  DoubleCollection get(String name) throws DoubleAnswer {
    DoubleCollection collection = find(name);
    if (collection == null) {
      throw DoubleAnswer.noCollection(name);
    }
    return collection;
  }

  DoubleCollection create(String name, byte[] config) throws IOException, DoubleAnswer {
    if (name.matches("(?s).*[/:\\x00].*") || name.length() > 255) {
      throw DoubleAnswer.error(
          422,
          "Validation error in path parameters: [collection_name: collection name cannot be that]");
    }
    if (collections.containsKey(name)) {
      throw DoubleAnswer.error(409, "Wrong input: Collection `" + name + "` already exists!");
    }
    DoubleCollection made =
        DoubleCollection.create(storage.resolve("collections").resolve(name), config);
    collections.put(name, made);
    return made;
  }

  /** Deletes it with its aliases; its snapshots stay, as they do on Qdrant. */
  boolean delete(String name) throws IOException {
    if (collections.remove(name) == null) {
      return false;
    }
    aliases.values().removeIf(name::equals);
    saveAliases();
    deleteTree(storage.resolve("collections").resolve(name));
    return true;
  }

  void saveAliases() throws IOException {
    Files.write(storage.resolve("aliases/data.json"), Json.write(aliases));
  }

  static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.sorted().toList();
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(directory)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }

  /** Changes a collection as one step. */
  void change(String name, Change change) {
    locked(
        () -> {
          DoubleCollection collection = get(name);
          change.make(collection);
          collection.save();
          return true;
        });
  }

  /** Works while nothing else does. */
  <T> T locked(Work<T> work) {
    synchronized (this) {
      try {
        return work.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (DoubleAnswer e) {
        throw new IllegalArgumentException("the double answers " + e.status(), e);
      }
    }
  }

  interface Change {
    void make(DoubleCollection collection) throws DoubleAnswer;
  }

  interface Work<T> {
    T run() throws IOException, DoubleAnswer;
  }
}
