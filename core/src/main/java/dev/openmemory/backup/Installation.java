package dev.openmemory.backup;

import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An OpenMemory on this host: where its parts are. Pure data; nothing is looked at before it is
 * used.
 *
 * @param home the OpenMemory folder, absolute; what belongs to this tool is kept below {@code
 *     .openmemory-backup} in it
 * @param parts what to back up or restore, in order; at most one of each type
 * @param writers what writes them and can be paused; empty when no writer is known
 */
public record Installation(Path home, List<Part> parts, Optional<Writers> writers) {

  /** Copies the list and makes the home absolute. */
  public Installation {
    home = home.toAbsolutePath().normalize();
    parts = List.copyOf(parts);
  }

  /** Parts with writers that cannot be paused from here. */
  public Installation(Path home, List<Part> parts) {
    this(home, parts, Optional.empty());
  }

  /**
   * What writes the parts.
   *
   * @param type of the control that holds them: {@code docker}
   * @param options of that control
   */
  public record Writers(String type, Map<String, String> options) {
    /** Copies the map. */
    public Writers {
      options = Map.copyOf(options);
    }
  }

  /**
   * One part.
   *
   * @param type of the source that handles it
   * @param options of that source
   * @param optional whether a backup without it is still a backup
   */
  public record Part(String type, Map<String, String> options, boolean optional) {
    /** Copies the map. */
    public Part {
      options = Map.copyOf(options);
    }
  }

  /**
   * A running Qdrant.
   *
   * @param urls of its nodes, one as a rule, without a key
   * @param apiKeyFile holds its key; without one it is the environment variable {@code
   *     QDRANT_API_KEY}, if that is set
   * @param replaceCollections whether a restore may delete a collection that has other vector
   *     settings than in the backup; it is kept on this host
   * @param anyVersion whether a restore may send snapshots to a version that does not promise to
   *     take them
   */
  public record Snapshots(
      List<URI> urls, Optional<Path> apiKeyFile, boolean replaceCollections, boolean anyVersion) {
    /** Copies the list. */
    public Snapshots {
      urls = List.copyOf(urls);
    }

    /** The server at the address, with its key, if it has one, in the environment. */
    public static Snapshots of(URI url) {
      return new Snapshots(List.of(url), Optional.empty(), false, false);
    }

    /** The same with the addresses of all nodes of a cluster. */
    public Snapshots withUrls(List<URI> nodes) {
      return new Snapshots(nodes, apiKeyFile, replaceCollections, anyVersion);
    }

    /** The same with the key in that file. */
    public Snapshots withApiKeyFile(Path file) {
      return new Snapshots(urls, Optional.of(file), replaceCollections, anyVersion);
    }

    /** The same; a restore may delete a collection that has other vector settings. */
    public Snapshots replacingCollections() {
      return new Snapshots(urls, apiKeyFile, true, anyVersion);
    }

    /** The same; a restore may send snapshots to any version of Qdrant. */
    public Snapshots acceptingAnyVersion() {
      return new Snapshots(urls, apiKeyFile, replaceCollections, true);
    }

    /** The part of an installation with that home. */
    public Part part(Path home) {
      Map<String, String> options = new LinkedHashMap<>();
      options.put("urls", urls.stream().map(URI::toString).collect(Collectors.joining(",")));
      apiKeyFile.ifPresentOrElse(
          file -> options.put("api-key-file", absolute(file)),
          () -> options.put("api-key-variable", "QDRANT_API_KEY"));
      options.put("work", absolute(home.resolve(".openmemory-backup")));
      options.put("replace-collections", String.valueOf(replaceCollections));
      options.put("any-version", String.valueOf(anyVersion));
      return new Part("qdrant-snapshot", options, false);
    }
  }

  /**
   * The guide's layout: {@code api/openmemory.db} and {@code api/config.json} below the home. Where
   * the vectors are has to be said with {@link #withStorage}. Nothing is known that could be
   * paused: a backup of memories and vectors has the warning {@link Warning#NOT_PAUSED}, unless its
   * request has {@link Quiesce#NONE}, which says that nothing runs.
   */
  public static Installation at(Path home) {
    return new Installation(home, List.of())
        .withDatabase(home.resolve("api").resolve("openmemory.db"))
        .withConfig(home.resolve("api").resolve("config.json"));
  }

  /**
   * The layout of a restore into a folder of its own: as {@link #at}, with the vectors in {@code
   * qdrant-storage}.
   */
  public static Installation inFolder(Path folder) {
    return at(folder).withStorage(folder.resolve("qdrant-storage"));
  }

  /**
   * The layout of a restore of snapshots into a folder of its own: as {@link #at}, with the
   * snapshots in {@code qdrant-snapshots}, for a Qdrant that is to take them.
   */
  public static Installation inFolderWithSnapshots(Path folder) {
    String snapshots = absolute(folder.resolve("qdrant-snapshots"));
    return at(folder).with(new Part("qdrant-snapshot", Map.of("folder", snapshots), false));
  }

  /** The same with its SQLite database at the path. */
  public Installation withDatabase(Path file) {
    return with(new Part("sqlite", Map.of("path", absolute(file)), false));
  }

  /** The same with its configuration at the path. */
  public Installation withConfig(Path file) {
    return with(new Part("config", Map.of("path", absolute(file)), true));
  }

  /** The same with the vectors in a Qdrant storage directory on this host. */
  public Installation withStorage(Path directory) {
    return with(new Part("directory", Map.of("path", absolute(directory)), false));
  }

  /**
   * The same with the vectors of a running Qdrant, which makes snapshots of them and takes them
   * back.
   */
  public Installation withSnapshots(Snapshots of) {
    return with(of.part(home));
  }

  /** The same with the part added, in the place of the one of its type if there is one. */
  public Installation with(Part part) {
    List<Part> changed = new ArrayList<>(parts);
    changed.removeIf(p -> p.type().equals(part.type()));
    changed.add(part);
    return new Installation(home, changed, writers);
  }

  /** The same with its writers known. */
  public Installation withWriters(Writers known) {
    return new Installation(home, parts, Optional.of(known));
  }

  private static String absolute(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    boolean usual = path.getFileSystem().equals(FileSystems.getDefault());
    return usual ? absolute.toString() : absolute.toUri().toString();
  }
}
