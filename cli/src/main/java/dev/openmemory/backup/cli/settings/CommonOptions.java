package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * Options of every command, before or after its name.
 *
 * <p>Flags have a fallback value because picocli otherwise makes {@code --json} mean false where a
 * setting has made it true.
 */
public final class CommonOptions {
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
      description = {
        "Where backups are kept: a directory or a URI (default: <home>/backups).",
        "With 'backup', repeat it to write to several targets."
      })
  public List<String> targets = new ArrayList<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Settings file (default: <home>/openmemory-backup.yaml, if present).")
  public @Nullable Path config;

  @Option(
      names = {"--identity", "--identity-file"},
      paramLabel = "FILE",
      split = ",",
      scope = ScopeType.INHERIT,
      description = "A file with the private key of encrypted backups. Repeatable.")
  List<Path> identities = new ArrayList<>();

  @Option(
      names = "--with-passphrase",
      scope = ScopeType.INHERIT,
      fallbackValue = "true",
      description = {
        "Use a passphrase in the place of keys: to encrypt a new backup, and to open one.",
        "You are asked for it, unless --passphrase-file has it."
      })
  boolean withPassphrase;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = {
        "The passphrase of a backup, or of a protected private key, is the first line of this file.",
        "Without it you are asked."
      })
  @Nullable Path passphraseFile;

  @Option(
      names = "--require-signature",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = {
        "Use only backups that a key in this file has signed: an allowed-signers file of ssh-keygen.",
        "Others count as damaged."
      })
  @Nullable Path allowedSigners;

  @Option(
      names = "--accept-warnings",
      paramLabel = "CODE[=TEXT]",
      split = ",",
      scope = ScopeType.INHERIT,
      description = {
        "Warnings that you know: of this code, or only those with this text in their message.",
        "They are shown and do not change the exit code. Repeatable."
      })
  List<String> acceptedWarnings = new ArrayList<>();

  @Option(
      names = "--json",
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description = "Print one JSON document, also for errors.")
  public boolean json;

  @Option(
      names = {"-q", "--quiet"},
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description = "Print results and errors only.")
  public boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      fallbackValue = "true",
      scope = ScopeType.INHERIT,
      description = "Log in detail, and print stack traces.")
  public boolean verbose;

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

  public Path absoluteHome() {
    return home.toAbsolutePath().normalize();
  }

  /** Takes what is repeatable on all of the line: picocli forgets it before a command's name. */
  public void gatherRepeated(ParseResult parsed) {
    List<String> given = gathered(parsed, Setting.TARGET);
    if (!given.isEmpty()) {
      targets = given;
    }
    List<String> files = gathered(parsed, Setting.IDENTITY_FILE);
    if (!files.isEmpty()) {
      identities = files.stream().map(HomeFolder::path).toList();
    }
    List<String> accepted = gathered(parsed, Setting.ACCEPT_WARNINGS);
    if (!accepted.isEmpty()) {
      acceptedWarnings = accepted;
    }
  }

  private static List<String> gathered(ParseResult parsed, Setting setting) {
    List<String> given = new ArrayList<>();
    for (ParseResult part = parsed; part != null; part = part.subcommand()) {
      if (part.hasMatchedOption(setting.option())) {
        given.addAll(part.matchedOption(setting.option()).stringValues());
      }
    }
    return given;
  }

  /** The private keys that may open encrypted backups. */
  List<Path> identities() {
    return List.copyOf(identities);
  }

  /** Whether the target is the default one, because none is given. */
  public boolean hasDefaultTarget() {
    return targets.isEmpty();
  }

  /**
   * Where backups go; settings have one a line.
   *
   * @throws BackupException of kind {@code INVALID} for one without a name, as of an unset variable
   */
  public List<String> targetLocations() throws BackupException {
    if (targets.stream().anyMatch(String::isBlank)) {
      throw Kind.INVALID.failure("choose target", "", "--target has an empty value");
    }
    return targets.isEmpty()
        ? List.of(absoluteHome().resolve("backups").toString())
        : targets.stream().flatMap(String::lines).map(HomeFolder::expand).toList();
  }

  /**
   * Where the backups are that a command works on: of several that the settings name, the first.
   *
   * @throws BackupException of kind {@code INVALID} when the command line names several
   */
  public String targetLocation() throws BackupException {
    if (targets.size() > 1) {
      throw Kind.INVALID.failure(
          "choose target",
          "",
          "--target is given " + targets.size() + " times; this command works on one target");
    }
    return targetLocations().get(0);
  }
}
