package dev.openmemory.backup.internal.qdrant;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The processes that have a Qdrant storage open. Qdrant takes a {@code flock} on each WAL directory
 * while it has a collection open; the JDK can only take record locks, which do not meet those, so
 * the kernel's table is read instead. It shows the locks of this process's PID namespace and those
 * below it.
 */
public final class StorageLocks {
  /** The table of the kernel. */
  public static final Path TABLE = Path.of("/proc/locks");

  /** {@code 1: FLOCK ADVISORY WRITE 708 08:01:131083 0 EOF}; waiting ones have an arrow. */
  private static final Pattern FLOCK =
      Pattern.compile(
          "\\d+:\\s+FLOCK\\s+\\S+\\s+\\S+\\s+(\\d+)\\s+(\\p{XDigit}+:\\p{XDigit}+:\\d+)\\s.*");

  private StorageLocks() {}

  /** The process that holds the storage; empty also where the kernel has no table. */
  public static Optional<String> holder(Path storage, Path table) throws IOException {
    if (!Files.isReadable(table)) {
      return Optional.empty();
    }
    List<Path> held = heldDirectories(storage);
    // To read the table stops all of the system's locking for some milliseconds.
    Map<String, String> processes = held.isEmpty() ? Map.of() : processes(table);
    for (Path wal : held) {
      String process = processes.get(key(wal));
      if (process != null) {
        return Optional.of(process);
      }
    }
    return Optional.empty();
  }

  /** Qdrant locks them while it runs. */
  private static List<Path> heldDirectories(Path storage) throws IOException {
    List<Path> held = new ArrayList<>();
    for (Path collection : directoriesIn(storage.resolve("collections"))) {
      for (Path shard : directoriesIn(collection)) {
        Path wal = shard.resolve("wal");
        if (Files.isDirectory(wal)) {
          held.add(wal);
        }
      }
    }
    return held;
  }

  /** By the key of what they hold. */
  private static Map<String, String> processes(Path table) throws IOException {
    Map<String, String> processes = new HashMap<>();
    for (String line : Files.readAllLines(table, StandardCharsets.US_ASCII)) {
      Matcher matcher = FLOCK.matcher(line);
      if (matcher.matches()) {
        processes.put(matcher.group(2), matcher.group(1));
      }
    }
    return processes;
  }

  private static List<Path> directoriesIn(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(Files::isDirectory).toList();
    }
  }

  /** What the table calls a directory. */
  public static String key(Path directory) throws IOException {
    Map<String, Object> file =
        Files.readAttributes(directory, "unix:dev,ino", LinkOption.NOFOLLOW_LINKS);
    return key(number(file, "dev"), number(file, "ino"));
  }

  /** As in the table; the device number is split as the C library of Linux does. */
  static String key(long device, long inode) {
    long major = (device >>> 8 & 0xfff) | (device >>> 32 & 0xfffff000L);
    long minor = (device & 0xff) | (device >>> 12 & 0xffffff00L);
    return String.format(Locale.ROOT, "%02x:%02x:%d", major, minor, inode);
  }

  private static long number(Map<String, Object> file, String name) {
    return (Long) Objects.requireNonNull(file.get(name));
  }
}
