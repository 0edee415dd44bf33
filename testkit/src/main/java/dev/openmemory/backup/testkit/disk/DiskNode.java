package dev.openmemory.backup.testkit.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A file or a directory, whatever it is called: what of it would outlast a loss of power. */
final class DiskNode {
  private final boolean directory;

  /** Of a directory: what was created through us or seen since. */
  private final Map<String, DiskNode> live = new HashMap<>();

  /** Of a directory: its names as they were when it was forced. */
  private Map<String, DiskNode> durable = new HashMap<>();

  /** Of a directory: which one has it among its forced names, of which there is one at most. */
  private @Nullable DiskNode holder;

  /** Of a file: its content as it was when it was forced. */
  private String content = DiskState.EMPTY_FILE;

  private DiskNode(boolean directory) {
    this.directory = directory;
  }

  /** What is there now, of which nothing was forced; the target of a link cannot be lost. */
  static DiskNode of(Path path) throws IOException {
    DiskNode node = new DiskNode(Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
    if (Files.isSymbolicLink(path)) {
      node.content = DiskState.entry(path);
    }
    return node;
  }

  /** A directory that holds this, all of it on the disk. */
  static DiskNode durable(DiskState state) {
    Map<String, DiskNode> nodes = new LinkedHashMap<>();
    DiskNode root = new DiskNode(true);
    nodes.put("", root);
    state
        .entries()
        .forEach(
            (name, entry) -> {
              DiskNode node = new DiskNode(entry.equals(DiskState.DIRECTORY));
              node.content = entry;
              nodes.put(name, node);
              int slash = name.lastIndexOf('/');
              DiskNode parent = nodes.getOrDefault(name.substring(0, Math.max(slash, 0)), root);
              parent.live.put(name.substring(slash + 1), node);
            });
    nodes.values().forEach(DiskNode::keepNames);
    return root;
  }

  void put(String name, DiskNode node) {
    live.put(name, node);
  }

  @Nullable DiskNode remove(String name) {
    return live.remove(name);
  }

  /** The entry of that name, which is at the path. */
  DiskNode get(String name, Path path) throws IOException {
    DiskNode node = live.get(name);
    if (node == null) {
      node = of(path);
      live.put(name, node);
    }
    return node;
  }

  /** Notes what others, such as SQLite, have created and removed. */
  private void look(Path path) throws IOException {
    Set<String> names = new HashSet<>();
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String name = String.valueOf(entry.getFileName());
        names.add(name);
        get(name, entry);
      }
    }
    live.keySet().retainAll(names);
  }

  void forceNames(Path path) throws IOException {
    look(path);
    keepNames();
  }

  private void keepNames() {
    durable = new HashMap<>(live);
    for (DiskNode node : live.values()) {
      if (node.directory && node.holder != this) {
        if (node.holder != null) {
          node.holder.durable.values().remove(node);
        }
        node.holder = this;
      }
    }
  }

  void forceContent(String entry) {
    content = entry;
  }

  boolean isDirectory() {
    return directory;
  }

  /** What would be left of it below the name, with the names that were forced. */
  void forced(String name, SortedMap<String, String> entries) {
    entries.put(name, directory ? DiskState.DIRECTORY : content);
    durable.forEach((below, node) -> node.forced(under(name, below), entries));
  }

  /** What would be left of it below the name, with the names that it has. */
  void named(String name, Path path, SortedMap<String, String> entries) throws IOException {
    entries.put(name, directory ? DiskState.DIRECTORY : content);
    if (directory) {
      look(path);
      for (Map.Entry<String, DiskNode> below : live.entrySet()) {
        below.getValue().named(under(name, below.getKey()), path.resolve(below.getKey()), entries);
      }
    }
  }

  private static String under(String name, String below) {
    return name.isEmpty() ? below : name + "/" + below;
  }
}
