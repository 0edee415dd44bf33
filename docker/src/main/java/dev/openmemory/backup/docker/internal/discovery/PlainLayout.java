package dev.openmemory.backup.docker.internal.discovery;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Installation.Snapshots;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.Discovery.Finding;
import dev.openmemory.backup.docker.DockerOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Everything in directories of this host, with no known writers. */
public final class PlainLayout {
  /** The default address of Qdrant. */
  private static final URI DEFAULT = URI.create("http://localhost:6333");

  static final String SAID = "named by the user";

  private PlainLayout() {}

  /**
   * The parts in their default places in the home.
   *
   * @param why no container is looked at
   * @throws BackupException of kind {@code UNSUPPORTED} when a wanted part is in a store that
   *     cannot be backed up
   */
  public static Discovery of(Path home, DockerOptions options, HostFiles files, String why)
      throws BackupException {
    Variables variables = SettingsSearch.variables(home, files);
    Path api = home.resolve("api");
    List<FoundPart> found = new ArrayList<>();
    Optional<FoundPart> database = database(home, options, variables, why);
    database.ifPresent(found::add);
    found.add(
        options
            .configJson()
            .map(file -> config(file, SAID))
            .orElseGet(() -> config(api.resolve("config.json"), why)));
    StoreSetting store = store(database, variables, files);
    found.add(vectors(home, options, files, store, why));
    return new Discovery(
        new Installation(home, found.stream().flatMap(f -> f.part().stream()).toList()),
        found.stream().map(FoundPart::finding).toList(),
        List.of(),
        Optional.empty(),
        List.of());
  }

  /** An unwanted part may be of a kind that we cannot handle. */
  private static Optional<FoundPart> database(
      Path home, DockerOptions options, Variables variables, String why) throws BackupException {
    if (options.database().isPresent()) {
      return options.database().map(file -> database(file, SAID));
    }
    try {
      DatabaseUrl url = DatabaseUrl.of(variables);
      return Optional.of(
          database(url.onHost(home), url.isDefault() ? why : why + "; " + url.why()));
    } catch (BackupException e) {
      if (options.wants(Component.DATABASE)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static StoreSetting store(
      Optional<FoundPart> database, Variables variables, HostFiles files) {
    return database
        .flatMap(FoundPart::part)
        .map(part -> SettingsSearch.store(part, variables, files))
        .orElseGet(() -> StoreSetting.of(Optional.empty(), variables));
  }

  static FoundPart database(Path file, String why) {
    return found(Component.DATABASE, new Part("sqlite", path(file), false), why);
  }

  static FoundPart config(Path file, String why) {
    return found(Component.CONFIG, new Part("config", path(file), true), why);
  }

  static FoundPart snapshots(Path home, Snapshots of, String why) {
    String urls = of.urls().stream().map(URI::toString).collect(Collectors.joining(", "));
    return FoundPart.of(
        of.part(home), new Finding(Component.VECTORS, "snapshots of Qdrant at " + urls, why));
  }

  static FoundPart storage(Path directory, String why) {
    return found(Component.VECTORS, new Part("directory", path(directory), false), why);
  }

  private static FoundPart vectors(
      Path home, DockerOptions options, HostFiles files, StoreSetting store, String why)
      throws BackupException {
    if (options.snapshots().filter(said -> !said.urls().isEmpty()).isPresent()) {
      return snapshots(home, options.snapshots().get(), SAID);
    }
    if (options.storagePath().isPresent()) {
      return storage(options.storagePath().get(), SAID);
    }
    if (store.mayBeHere()) {
      return here(home, options, files, why + "; " + store.why());
    }
    if (options.wants(Component.VECTORS)) {
      throw store.unsupported(home.toString());
    }
    return VectorsSearch.outOfReach("a vector store that is not here", store);
  }

  /** Where a restore into a folder of its own puts them, so that its result can be backed up. */
  private static FoundPart here(Path home, DockerOptions options, HostFiles files, String why) {
    if (options.snapshots().isPresent()) {
      return atDefault(home, options.snapshots().get());
    }
    Path restored = home.resolve("qdrant-storage");
    if (files.isDirectory(restored)) {
      return storage(restored, why);
    }
    return new FoundPart(
        Optional.empty(),
        new Finding(Component.VECTORS, "not found", why + "; there is no " + restored),
        Optional.empty());
  }

  private static FoundPart atDefault(Path home, Snapshots said) {
    return snapshots(
        home,
        new Snapshots(
            List.of(DEFAULT), said.apiKeyFile(), said.replaceCollections(), said.anyVersion()),
        "Qdrant's own default");
  }

  private static FoundPart found(String component, Part part, String why) {
    return FoundPart.of(part, new Finding(component, part.options().getOrDefault("path", ""), why));
  }

  private static Map<String, String> path(Path path) {
    return Map.of("path", path.toAbsolutePath().normalize().toString());
  }
}
