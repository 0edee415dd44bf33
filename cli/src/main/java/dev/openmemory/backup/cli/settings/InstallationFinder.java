package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.cli.advice.Advice;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.DockerDiscovery;
import dev.openmemory.backup.docker.DockerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the parts of the installation are: in containers, or, when no engine can be asked and all
 * that is wanted is on this host anyway, in directories.
 */
public final class InstallationFinder {
  private static final Set<Kind> NOT_ASKED = Set.of(Kind.UNAVAILABLE, Kind.DENIED, Kind.TIMEOUT);

  private final Session session;
  private final InstallationOptions parts;
  private final Path home;
  private final VectorsChoice vectors;
  private final boolean vectorsMayLack;

  /**
   * Finds for one command.
   *
   * @param vectors how they are taken
   * @param vectorsMayLack whether the command continues without vectors
   */
  public InstallationFinder(
      Session session, InstallationOptions parts, VectorsChoice vectors, boolean vectorsMayLack) {
    this.session = session;
    this.parts = parts;
    this.home = session.options().absoluteHome();
    this.vectors = vectors;
    this.vectorsMayLack = vectorsMayLack;
  }

  /**
   * What was found.
   *
   * @param notAsked why no engine was asked
   */
  public record Result(Discovery discovery, Optional<BackupException> notAsked) {}

  /** Finds the parts, and notes when containers of a Compose project were not looked at. */
  public Discovery find() throws IOException {
    vectors.why().ifPresent(session.terminal()::note);
    Result result = look();
    if (result.notAsked().isPresent() && isComposeProject()) {
      session
          .terminal()
          .note("Containers were not looked at: " + result.notAsked().get().getMessage());
    }
    return result.discovery();
  }

  /** Finds the parts. */
  public Result look() throws IOException {
    return look(false);
  }

  /**
   * Finds the parts. If no engine can be asked, and nothing of one is named, guesses the paths on
   * this host, whether they exist or not.
   */
  public Result findOrGuess() throws IOException {
    return look(true);
  }

  private Result look(boolean whatever) throws IOException {
    DockerOptions options = parts.forDocker(vectors.snapshots());
    try {
      return new Result(
          DockerDiscovery.find(home, options, session.host().environment()), Optional.empty());
    } catch (BackupException e) {
      if (!e.operation().equals(Advice.CONNECT)
          || !NOT_ASKED.contains(e.kind())
          || namesContainers(options)) {
        throw e;
      }
      Discovery plain = DockerDiscovery.withoutEngine(home, options);
      if (!whatever && !isAllOnThisHost(options, plain)) {
        throw e;
      }
      return new Result(plain, Optional.of(e));
    }
  }

  private static boolean namesContainers(DockerOptions options) {
    return Stream.of(options.volume(), options.container(), options.project())
        .anyMatch(Optional::isPresent);
  }

  private boolean isAllOnThisHost(DockerOptions options, Discovery plain) {
    boolean database =
        !options.wants(Component.DATABASE)
            || options.database().isPresent()
            || isThere(plain, "sqlite");
    boolean storage =
        vectorsMayLack
            || options.snapshots().isPresent()
            || !options.wants(Component.VECTORS)
            || options.storagePath().isPresent()
            || isThere(plain, "directory");
    return database && storage;
  }

  private static boolean isThere(Discovery plain, String type) {
    return plain.installation().parts().stream()
        .filter(part -> part.type().equals(type))
        .anyMatch(part -> Files.exists(Path.of(part.options().getOrDefault("path", ""))));
  }

  private boolean isComposeProject() {
    return Stream.of("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
        .anyMatch(name -> Files.exists(home.resolve(name)));
  }
}
