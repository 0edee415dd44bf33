package dev.openmemory.backup.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * Options of every command, before or after its name.
 *
 * <p>Flags have a fallback value because picocli otherwise makes {@code --json} mean false where a
 * setting has made it true.
 */
final class CommonOptions {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The OpenMemory folder (default: the current one).")
  Path home = Path.of(".");

  @Option(
      names = "--target",
      paramLabel = "URI",
      scope = ScopeType.INHERIT,
      description = "Where backups are kept: a directory or a URI (default: <home>/backups).")
  @Nullable String target;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Settings file (default: <home>/openmemory-backup.yaml, if present).")
  @Nullable Path config;

  @Option(
      names = "--json",
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description = "Print one JSON document, also for errors.")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description = "Print results and errors only.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description = "Log in detail, and print stack traces.")
  boolean verbose;

  @Option(
      names = "--no-progress",
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description = "Print no progress.")
  boolean noProgress;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  Path absoluteHome() {
    return home.toAbsolutePath().normalize();
  }

  String targetLocation() {
    return target == null ? absoluteHome().resolve("backups").toString() : target;
  }
}
