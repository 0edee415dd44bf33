package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.stream.Sha256Counter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a tar holds, in short. Two are equal when files, directories and links are the same; owners,
 * modes and times do not count.
 *
 * @param entries by name, such as {@code a/b}; without the root
 */
public record TarContents(Map<String, Entry> entries) {
  private static final int BUFFER = 64 << 10;

  /**
   * One of them.
   *
   * @param what the SHA-256 of a file, where a link leads, or empty for a directory
   * @param modified in seconds of the epoch; does not count when entries are compared
   */
  public record Entry(Type type, long size, String what, long modified) {
    private boolean isFilled() {
      return type == Type.FILE && size > 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Entry entry
          && type == entry.type
          && size == entry.size
          && what.equals(entry.what);
    }

    @Override
    public int hashCode() {
      return Objects.hash(type, size, what);
    }
  }

  /** Of an entry. */
  public enum Type {
    FILE,
    DIRECTORY,
    LINK
  }

  public TarContents {
    entries = Map.copyOf(entries);
  }

  /**
   * Reads a plain tar to its end and does not close it.
   *
   * @param archive its name, for messages
   * @throws BackupException of kind {@code CORRUPT} for what is damaged, incomplete or refused
   */
  public static TarContents of(InputStream in, String archive) throws IOException {
    Collector all = new Collector();
    read(in, archive, all);
    return new TarContents(all.entries);
  }

  /** The same of a tar on this host. */
  public static TarContents of(Path tar) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(tar))) {
      return of(in, tar.toString());
    }
  }

  private static void read(InputStream in, String archive, TarSink sink) throws IOException {
    TarReader.read(in, archive, ExtractionLimit.unstated(), new Cancellation(), name -> {}, sink);
  }

  /** The same but for files without a byte. */
  public TarContents withoutEmptyFiles() {
    Map<String, Entry> rest = new HashMap<>(entries);
    rest.values().removeIf(entry -> entry.type() == Type.FILE && entry.size() == 0);
    return new TarContents(rest);
  }

  /** Whether a file that has a byte is the same in both. */
  public boolean sharesFile(TarContents other) {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().isFilled())
        .anyMatch(other.entries.entrySet()::contains);
  }

  /** The files that have a byte and that the other one holds under no name. */
  public TarContents without(TarContents other) {
    Set<Entry> known = Set.copyOf(other.entries.values());
    Map<String, Entry> rest = new HashMap<>(entries);
    rest.values().removeIf(entry -> !entry.isFilled() || known.contains(entry));
    return new TarContents(rest);
  }

  /** Whether each entry was written when the newest file of the other one was, or later. */
  public boolean isNewerThan(TarContents other) {
    long newest =
        other.entries.values().stream()
            .filter(Entry::isFilled)
            .mapToLong(Entry::modified)
            .max()
            .orElse(Long.MIN_VALUE);
    return entries.values().stream().allMatch(entry -> entry.modified() >= newest);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Whether there is a file that has a byte. */
  public boolean hasData() {
    return entries.values().stream().anyMatch(Entry::isFilled);
  }

  /** A short text that differs when the contents do. */
  public String fingerprint() {
    Sha256Counter all = new Sha256Counter();
    new TreeMap<>(entries)
        .forEach(
            (name, entry) -> {
              byte[] line =
                  String.join("\0", name, entry.type().name(), entry.size() + entry.what(), "")
                      .getBytes(StandardCharsets.UTF_8);
              all.add(line, 0, line.length);
            });
    return all.digest().sha256();
  }

  /**
   * What unpacking these tars, each maybe in part, cannot have led to: no file of theirs is the
   * same, or begins so. Directories are left out.
   */
  public TarContents unlike(List<Path> tars) throws IOException {
    Map<String, Entry> unknown = new HashMap<>(entries);
    unknown.values().removeIf(entry -> entry.type() == Type.DIRECTORY);
    for (Path tar : tars) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(tar))) {
        read(in, tar.toString(), new Remover(unknown));
      }
    }
    return new TarContents(unknown);
  }

  /** Gives each entry in short. */
  private abstract static class Shortener implements TarSink {
    private final byte[] buffer = new byte[BUFFER];

    abstract void take(String name, Entry entry);

    /** How many bytes of the file its digest is of. */
    abstract long limit(TarEntry entry);

    @Override
    public void directory(TarEntry entry) {
      if (!entry.name().isEmpty()) {
        take(entry.name(), entry(Type.DIRECTORY, 0, "", entry));
      }
    }

    @Override
    public void file(TarEntry entry, InputStream content) throws IOException {
      Sha256Counter digest = new Sha256Counter();
      long left = Math.min(limit(entry), entry.size());
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        int counted = (int) Math.min(n, left);
        digest.add(buffer, 0, counted);
        left -= counted;
      }
      take(entry.name(), entry(Type.FILE, digest.size(), digest.digest().sha256(), entry));
    }

    @Override
    public void symbolicLink(TarEntry entry) {
      take(entry.name(), entry(Type.LINK, 0, entry.link(), entry));
    }

    @Override
    public void hardLink(TarEntry entry) {
      symbolicLink(entry);
    }

    private static Entry entry(Type type, long size, String what, TarEntry of) {
      return new Entry(type, size, what, of.modified().to(TimeUnit.SECONDS));
    }
  }

  private static final class Collector extends Shortener {
    private final Map<String, Entry> entries = new HashMap<>();

    @Override
    void take(String name, Entry entry) {
      entries.put(name, entry);
    }

    @Override
    long limit(TarEntry entry) {
      return entry.size();
    }
  }

  private static final class Remover extends Shortener {
    private final Map<String, Entry> unknown;

    Remover(Map<String, Entry> unknown) {
      this.unknown = unknown;
    }

    @Override
    void take(String name, Entry entry) {
      unknown.remove(name, entry);
    }

    @Override
    long limit(TarEntry entry) {
      Entry present = unknown.get(entry.name());
      return present == null ? 0 : present.size();
    }
  }
}
