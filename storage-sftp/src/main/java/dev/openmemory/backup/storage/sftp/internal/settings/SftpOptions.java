package dev.openmemory.backup.storage.sftp.internal.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.ProviderOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a host is reached and how files travel, from the options of {@code docs/targets/sftp.md}.
 *
 * @param identityFiles empty for ssh's own choice
 * @param knownHosts null for ssh's own choice
 * @param sshConfig instead of the user's and the system's; null for these
 * @param proxyJump as in ssh_config; null for what that says
 * @param parallelism how many SFTP channels one transfer may use
 * @param timeout the longest silence of the server
 * @param keepalive pause between signs of life; zero for none
 * @param limit in bytes a second
 */
public record SftpOptions(
    List<Path> identityFiles,
    @Nullable Path passphraseFile,
    @Nullable Path passwordFile,
    @Nullable Path knownHosts,
    HostKeyPolicy hostKeyPolicy,
    @Nullable Path sshConfig,
    @Nullable String proxyJump,
    int parallelism,
    Duration timeout,
    Duration keepalive,
    OptionalLong limit) {

  public static final Set<String> NAMES =
      Set.of(
          "identity-file",
          "passphrase-file",
          "password-file",
          "known-hosts",
          "host-key-policy",
          "ssh-config",
          "proxy-jump",
          "parallelism",
          "timeout",
          "keepalive",
          "limit");

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration KEEPALIVE = Duration.ofSeconds(15);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** An sshd accepts no more sessions of one connection by default ({@code MaxSessions}). */
  private static final int MOST_PARALLEL = 10;

  private static final int SMALLEST_LIMIT = 1024;

  /** What to do about an unknown host key. A key that differs is always refused. */
  public enum HostKeyPolicy {
    STRICT,
    ACCEPT_NEW
  }

  public static SftpOptions of(ProviderOptions options) throws BackupException {
    return of(options, ClientEnvironment.current().home());
  }

  /** With that as the place of {@code ~}. */
  public static SftpOptions of(ProviderOptions options, Path home) throws BackupException {
    options.allow(NAMES);
    boolean smallHeap = Runtime.getRuntime().maxMemory() < (192L << 20);
    return new SftpOptions(
        paths(options, "identity-file", home),
        path(options, "passphrase-file", home),
        path(options, "password-file", home),
        path(options, "known-hosts", home),
        policy(options),
        path(options, "ssh-config", home),
        options.text("proxy-jump").orElse(null),
        (int) within(options, "parallelism", smallHeap ? 2 : 4, 1, MOST_PARALLEL),
        duration(options, "timeout", TIMEOUT, Duration.ofSeconds(1)),
        keepalive(options),
        limit(options));
  }

  private static HostKeyPolicy policy(ProviderOptions options) throws BackupException {
    String text = options.text("host-key-policy").orElse("strict");
    return switch (text) {
      case "strict" -> HostKeyPolicy.STRICT;
      case "accept-new" -> HostKeyPolicy.ACCEPT_NEW;
      default -> throw invalid("'host-key-policy' is neither strict nor accept-new: " + text);
    };
  }

  private static Duration keepalive(ProviderOptions options) throws BackupException {
    Duration pause = options.duration("keepalive", KEEPALIVE);
    // Seconds are what the library counts in.
    return pause.isZero() ? pause : duration(options, "keepalive", pause, Duration.ofSeconds(1));
  }

  private static Duration duration(
      ProviderOptions options, String name, Duration otherwise, Duration shortest)
      throws BackupException {
    Duration duration = options.duration(name, otherwise);
    if (duration.compareTo(shortest) < 0 || duration.compareTo(LONGEST) > 0) {
      throw invalid("'" + name + "' is not between " + shortest + " and " + LONGEST);
    }
    return duration;
  }

  private static OptionalLong limit(ProviderOptions options) throws BackupException {
    if (options.text("limit").isEmpty()) {
      return OptionalLong.empty();
    }
    long limit = options.size("limit", 0);
    if (limit < SMALLEST_LIMIT) {
      throw invalid("'limit' is below 1KiB a second: " + limit);
    }
    return OptionalLong.of(limit);
  }

  private static long within(
      ProviderOptions options, String name, long otherwise, long least, long most)
      throws BackupException {
    long number = options.number(name, otherwise);
    if (number < least || number > most) {
      throw invalid("'" + name + "' is not between " + least + " and " + most + ": " + number);
    }
    return number;
  }

  private static @Nullable Path path(ProviderOptions options, String name, Path home)
      throws BackupException {
    String text = options.text(name).orElse(null);
    return text == null ? null : path(name, text, home);
  }

  private static List<Path> paths(ProviderOptions options, String name, Path home)
      throws BackupException {
    List<Path> paths = new ArrayList<>();
    if (options.text(name).isPresent()) {
      for (String text : options.text(name).get().split(",", -1)) {
        paths.add(path(name, text, home));
      }
    }
    return List.copyOf(paths);
  }

  private static Path path(String name, String text, Path home) throws BackupException {
    try {
      if (text.isBlank()) {
        throw invalid("'" + name + "' has an empty path");
      }
      return text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
    } catch (InvalidPathException e) {
      throw invalid("'" + name + "' is not a path: " + text);
    }
  }

  public static BackupException invalid(String fact) {
    return Kind.INVALID.failure("options of sftp", "", fact);
  }
}
