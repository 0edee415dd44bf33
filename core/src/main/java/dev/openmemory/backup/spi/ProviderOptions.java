package dev.openmemory.backup.spi;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of one plug-in, by name. Values are never secrets: those come from files, the
 * environment or an agent, and the setting names the place.
 *
 * @param owner of the options, for messages: {@code file}, {@code sqlite}
 */
public record ProviderOptions(String owner, Map<String, String> values) {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([KMG]iB)?");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]+:///.*");

  /** Copies the map. */
  public ProviderOptions {
    values = Map.copyOf(values);
  }

  /**
   * Refuses what the plug-in does not know, so that no option is ever ignored.
   *
   * @throws BackupException of kind {@code UNSUPPORTED}, naming the unknown and the known
   */
  public void allow(Set<String> known) throws BackupException {
    Set<String> unknown = new TreeSet<>(values.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw Kind.UNSUPPORTED.failure(
          "options of " + owner, "", "unknown " + unknown + "; known are " + new TreeSet<>(known));
    }
  }

  /** The text of that name, if set. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * The path of that name. @throws BackupException of kind {@code INVALID} when missing or not a
   * path
   */
  public Path path(String name) throws BackupException {
    String text = text(name).orElseThrow(() -> invalid(name, "is required", null));
    try {
      // As an installation writes a path that is not one of the default file system.
      return ELSEWHERE.matcher(text).matches() ? Path.of(URI.create(text)) : Path.of(text);
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw invalid(name, "is not a path: " + text, e);
    }
  }

  /** The flag of that name, {@code true} or {@code false}. */
  public boolean flag(String name, boolean otherwise) throws BackupException {
    String text = text(name).orElse(String.valueOf(otherwise));
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(name, "is neither true nor false: " + text, null);
    };
  }

  /** The duration of that name in ISO-8601 form, such as {@code PT30S}. */
  public Duration duration(String name, Duration otherwise) throws BackupException {
    Optional<String> text = text(name);
    try {
      return text.map(Duration::parse).orElse(otherwise);
    } catch (DateTimeParseException e) {
      throw invalid(name, "is not a duration such as PT30S: " + text.orElse(""), e);
    }
  }

  /** The whole number of that name, zero or more. */
  public long number(String name, long otherwise) throws BackupException {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!NUMBER.matcher(text.get()).matches()) {
      throw invalid(name, "is not a whole number: " + text.get(), null);
    }
    return Long.parseLong(text.get());
  }

  /**
   * The size of that name in bytes; {@code KiB}, {@code MiB} and {@code GiB} after the number mean
   * powers of 1024.
   */
  public long size(String name, long otherwise) throws BackupException {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    Matcher size = SIZE.matcher(text.get());
    if (!size.matches()) {
      throw invalid(name, "is not a size such as 8MiB: " + text.get(), null);
    }
    long unit = size.group(2) == null ? 1 : 1L << (10 * " KMG".indexOf(size.group(2).charAt(0)));
    return Long.parseLong(size.group(1)) * unit;
  }

  private BackupException invalid(
      String name, String what, @org.jspecify.annotations.Nullable Throwable cause) {
    return Kind.INVALID.failure("options of " + owner, "", "'" + name + "' " + what, cause);
  }
}
