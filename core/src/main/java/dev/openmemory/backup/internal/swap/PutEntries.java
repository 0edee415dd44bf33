package dev.openmemory.backup.internal.swap;

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
import java.util.ArrayList;
import java.util.Collections;
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

  /**
   * Refuses when a later run must not clear the place.
   *
   * @param journal as the earlier run left it
   * @throws BackupException of kind {@code FAILED}
   */
  void requireOwn(Journal journal) throws IOException {
    String left = journal.left();
    List<String> put = journal.put();
    boolean own = true;
    if (left != null) {
      own = left.equals(fingerprint());
    } else if (journal.phase() == Phase.APPLIED && put != null) {
      own = isOwn(put, files());
    }
    if (!own) {
      throw Kind.FAILED.failure(
          "roll back restore", directory.toString(), RespectsRepair.LEFT_ALONE);
    }
  }

  /**
   * A store that was started on a whole directory has changed a part of it. Nothing is started on
   * single files before they are final.
   */
  private boolean isOwn(List<String> put, List<String> now) {
    return now.isEmpty()
        || (names == null
            ? !Collections.disjoint(Set.copyOf(put), now)
            : Set.copyOf(put).equals(Set.copyOf(now)));
  }

  /** Each file that has a byte, in short; another text once it was changed or replaced. */
  List<String> files() throws IOException {
    List<String> files = new ArrayList<>();
    for (Path path : all()) {
      BasicFileAttributes now = attributes(path);
      if (now.isRegularFile() && now.size() > 0) {
        files.add(Sha256.of(text(path, now.size(), changed(path, now))).substring(0, SHORT));
      }
    }
    return files;
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
