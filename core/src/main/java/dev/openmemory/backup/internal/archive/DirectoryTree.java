package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The content of a directory as it was when it was scanned, in the order in which it is archived:
 * each directory before what is in it, the entries of a directory sorted by name.
 *
 * <p>Takes some hundred bytes of memory an entry.
 */
public record DirectoryTree(List<Entry> entries, TarSummary summary) {
  /**
   * One entry.
   *
   * @param name below the directory, with slashes; empty for the directory itself
   * @param link the text of a symbolic link or the name of the first hard link; null for others
   */
  public record Entry(
      Path path, String name, FileStat stat, boolean hardLink, @Nullable String link) {}

  /**
   * Scans a directory. What is neither a file nor a directory nor a symbolic link is left out with
   * a warning {@code not-a-regular-file}.
   *
   * @param excluded which names below the directory, such as {@code a/b}, are left out with all
   *     that is in them
   * @throws BackupException of kind {@code DENIED} when something cannot be read, {@code
   *     UNSUPPORTED} when a symbolic link is absolute or leaves the directory
   */
  public static DirectoryTree scan(
      Path directory,
      Predicate<String> excluded,
      Cancellation cancellation,
      Consumer<Warning> warnings)
      throws IOException {
    Scan scan = new Scan(excluded, cancellation, warnings);
    scan.visit(directory, "");
    return new DirectoryTree(List.copyOf(scan.entries), scan.summary());
  }

  /** The names of all regular files, hard links included, in their order. */
  public List<String> files() {
    return names(FileStat.Kind.FILE);
  }

  /** The names of all directories in their order; the first is that of the root, empty. */
  public List<String> directories() {
    return names(FileStat.Kind.DIRECTORY);
  }

  private List<String> names(FileStat.Kind kind) {
    return entries.stream().filter(entry -> entry.stat().kind() == kind).map(Entry::name).toList();
  }

  private static final class Scan {
    private final Predicate<String> excluded;
    private final Cancellation cancellation;
    private final Consumer<Warning> warnings;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<List<Long>, String> linked = new HashMap<>();
    private long files;
    private long directories;
    private long bytes;

    Scan(Predicate<String> excluded, Cancellation cancellation, Consumer<Warning> warnings) {
      this.excluded = excluded;
      this.cancellation = cancellation;
      this.warnings = warnings;
    }

    TarSummary summary() {
      return new TarSummary(files, directories, bytes);
    }

    void visit(Path path, String name) throws IOException {
      cancellation.check();
      if (name.indexOf('\uFFFD') >= 0) {
        throw Kind.UNSUPPORTED.failure(
            "scan", path.toString(), "the name is not in the character encoding of this process");
      }
      try {
        add(path, name, FileStat.of(path));
      } catch (NoSuchFileException e) {
        throw TarWriter.changed(path, "vanished", e);
      } catch (IOException e) {
        throw FileFailure.of("scan", path, e);
      }
    }

    private void add(Path path, String name, FileStat stat) throws IOException {
      if (stat.kind() == null) {
        warnings.accept(
            new Warning(
                "not-a-regular-file",
                path + " is a socket, a pipe or a device and is not backed up"));
        return;
      }
      switch (stat.kind()) {
        case DIRECTORY -> {
          entries.add(new Entry(path, name, stat, false, null));
          directories += name.isEmpty() ? 0 : 1;
          visitAll(path, name);
        }
        case SYMBOLIC_LINK -> addLink(path, name, stat);
        case FILE -> addFile(path, name, stat);
      }
    }

    private void addLink(Path path, String name, FileStat stat) throws IOException {
      String target = Files.readSymbolicLink(path).toString();
      try {
        EntryNames.checkSymbolicLink(name, target);
      } catch (EntryNames.RefusedException e) {
        throw new BackupException(
            Kind.UNSUPPORTED,
            "archive link",
            path.toString(),
            "is a symbolic link to " + target + "; its content would be missing in the backup",
            e);
      }
      entries.add(new Entry(path, name, stat, false, target));
    }

    private void addFile(Path path, String name, FileStat stat) throws IOException {
      files++;
      String first =
          stat.links() > 1 ? linked.putIfAbsent(List.of(stat.device(), stat.inode()), name) : null;
      entries.add(new Entry(path, name, stat, first != null, first));
      if (first != null) {
        return;
      }
      bytes += stat.size();
      if (!Files.isReadable(path)) {
        throw Kind.DENIED.failure("scan", path.toString(), "cannot be read");
      }
    }

    private void visitAll(Path directory, String name) throws IOException {
      List<Path> children = new ArrayList<>();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
        stream.forEach(children::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      children.sort(Comparator.comparing(DirectoryTree::fileName));
      for (Path child : children) {
        String below = name.isEmpty() ? fileName(child) : name + "/" + fileName(child);
        if (!excluded.test(below)) {
          visit(child, below);
        }
      }
    }
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }
}
