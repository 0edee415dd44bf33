package dev.openmemory.backup.internal.swap;

import static java.util.stream.Collectors.toSet;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.Sha256Counter;
import dev.openmemory.backup.internal.swap.Journal.Phase;
import dev.openmemory.backup.internal.text.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a swap has put in place from what a person has put there since.
 *
 * @param names of the swapped entries; null when it is everything in the directory
 */
record PutEntries(Path directory, @Nullable List<String> names) {
  /** Of a digest; so few do for the files of one directory. */
  private static final int SHORT = 16;

  /** A file that has a byte: as the system sees it, as the same under another name, its time. */
  private record Found(String file, String moved, FileTime modified) {
    boolean isIn(Set<String> put) {
      return put.contains(file) || put.contains(moved);
    }
  }

  /**
   * Refuses when a later run must not clear the place.
   *
   * @param journal as the earlier run left it
   * @param written when that was, as the file system tells
   * @throws BackupException of kind {@code FAILED}
   */
  void requireOwn(Journal journal, FileTime written) throws IOException {
    String left = journal.left();
    boolean own = true;
    if (left != null) {
      own = left.equals(fingerprint());
    } else if (isWhole(journal)) {
      own = isOwn(put(journal), found(), written);
    }
    if (!own) {
      throw Kind.FAILED.failure(
          "roll back restore", directory.toString(), RespectsRepair.LEFT_ALONE);
    }
  }

  /**
   * A store that was started on a whole directory has changed a part of it since. What a person
   * unpacks there has the times of its archive. Nothing is started on single files before they are
   * final.
   */
  private boolean isOwn(Set<String> put, List<Found> now, FileTime written) {
    if (now.isEmpty() || names != null) {
      return now.isEmpty() || put.equals(now.stream().map(Found::file).collect(toSet()));
    }
    return now.stream().anyMatch(found -> put.contains(found.file()))
        && now.stream().allMatch(f -> f.isIn(put) || f.modified().compareTo(written) >= 0);
  }

  /** Whether a file was changed, or added, since all were put in place. */
  boolean areChanged(Journal journal) throws IOException {
    return isWhole(journal)
        && names == null
        && !found().stream().allMatch(found -> found.isIn(put(journal)));
  }

  private static boolean isWhole(Journal journal) {
    return journal.phase() == Phase.APPLIED && journal.put() != null && journal.left() == null;
  }

  private static Set<String> put(Journal journal) {
    return Set.copyOf(Objects.requireNonNull(journal.put()));
  }

  /** Each file that has a byte, in short; another text once it was changed or replaced. */
  List<String> files() throws IOException {
    Stream<String> files = found().stream().map(Found::file);
    // A store may rename what it was started on.
    Stream<String> moved = names == null ? found().stream().map(Found::moved) : Stream.empty();
    return Stream.concat(files, moved).toList();
  }

  private List<Found> found() throws IOException {
    List<Found> files = new ArrayList<>();
    for (Path path : all()) {
      BasicFileAttributes now = attributes(path);
      if (now.isRegularFile() && now.size() > 0) {
        FileTime modified = now.lastModifiedTime();
        files.add(
            new Found(
                digest(text(path, now.size(), changed(path, now))),
                digest(String.join("\0", now.fileKey() + "", now.size() + "", modified + "")),
                modified));
      }
    }
    return files;
  }

  private static String digest(String text) {
    return Sha256.of(text).substring(0, SHORT);
  }

  /** A copy with the same time of modification is changed later; some systems do not tell. */
  private static Object changed(Path path, BasicFileAttributes now) throws IOException {
    boolean told = path.getFileSystem().supportedFileAttributeViews().contains("unix");
    return told
        ? Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS)
        : now.lastModifiedTime();
  }

  /** A short text that differs when an entry, or one below it, was changed. */
  String fingerprint() throws IOException {
    Sha256Counter all = new Sha256Counter();
    for (Path path : all()) {
      BasicFileAttributes now = attributes(path);
      long size = now.isRegularFile() ? now.size() : -1;
      byte[] line =
          text(path, size, now.lastModifiedTime(), String.valueOf(now.fileKey()), "")
              .getBytes(StandardCharsets.UTF_8);
      all.add(line, 0, line.length);
    }
    return all.digest().sha256();
  }

  private String text(Path path, Object... facts) {
    StringBuilder text = new StringBuilder(directory.relativize(path).toString());
    for (Object fact : facts) {
      text.append('\0').append(fact);
    }
    return text.toString();
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** The entries and what is below them. */
  private List<Path> all() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path entry : WorkArea.swapped(directory, names)) {
      try (Stream<Path> walk = Files.walk(entry)) {
        walk.sorted().forEach(all::add);
      } catch (UncheckedIOException e) {
        throw Objects.requireNonNull(e.getCause());
      }
    }
    return all;
  }
}
