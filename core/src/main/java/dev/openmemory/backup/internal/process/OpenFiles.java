package dev.openmemory.backup.internal.process;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which other processes have a file open, as Linux shows in {@code /proc}. A file is known by
 * device and inode, so that a process in a container is found that has another path to it. Of other
 * users' processes only root sees the files; where there is no {@code /proc} none are found.
 */
public final class OpenFiles {
  /** Where Linux shows it. */
  public static final Path PROC = Path.of("/proc");

  private final Path proc;

  /**
   * Looks there.
   *
   * @param proc {@link #PROC} outside of tests
   */
  public OpenFiles(Path proc) {
    this.proc = proc;
  }

  /**
   * A process.
   *
   * @param group the text of its control groups, which names the container that it is in
   * @param foreign whether it is in another PID namespace than this process, as in a container
   */
  public record Holder(long pid, String name, String group, boolean foreign) {
    @Override
    public String toString() {
      return "process " + pid + (name.isEmpty() ? "" : " (" + name + ")");
    }
  }

  /**
   * Refuses while one of the files is open in another process.
   *
   * @param counts which processes matter
   * @throws BackupException of kind {@code LOCKED}, naming the processes
   */
  public void requireClosed(List<Path> files, Predicate<Holder> counts) throws BackupException {
    List<Holder> holders = holders(files).stream().filter(counts).toList();
    if (!holders.isEmpty()) {
      throw Kind.LOCKED.failure(
          "lock database",
          files.get(0).toString(),
          holders.stream().map(Holder::toString).collect(Collectors.joining(", "))
              + (holders.size() == 1 ? " has it open" : " have it open"));
    }
  }

  /** The processes that have any of the files open. */
  public List<Holder> holders(List<Path> files) {
    Set<Map<String, Object>> wanted = new HashSet<>();
    for (Path file : files) {
      identity(file).ifPresent(wanted::add);
    }
    List<Holder> holders = new ArrayList<>();
    if (!wanted.isEmpty()) {
      for (Path process : entries(proc)) {
        String pid = Objects.requireNonNull(process.getFileName()).toString();
        if (pid.matches("\\d+") && !isThis(pid) && hasOpen(process, wanted)) {
          holders.add(holder(process, Long.parseLong(pid)));
        }
      }
    }
    return holders;
  }

  private static boolean isThis(String pid) {
    return pid.equals(Long.toString(ProcessHandle.current().pid()));
  }

  private static boolean hasOpen(Path process, Set<Map<String, Object>> wanted) {
    for (Path descriptor : entries(process.resolve("fd"))) {
      // Sockets, pipes and the like have no path; to ask for each of them takes long.
      if (link(descriptor).startsWith("/")
          && identity(descriptor).filter(wanted::contains).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private Holder holder(Path process, long pid) {
    String mine = link(proc.resolve("self/ns/pid"));
    String other = link(process.resolve("ns/pid"));
    return new Holder(
        pid,
        text(process.resolve("comm")).strip(),
        text(process.resolve("cgroup")),
        !mine.equals(other));
  }

  /** Processes end while they are looked at, and those of other users are closed to us. */
  private static List<Path> entries(Path folder) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (IOException | DirectoryIteratorException e) {
      return entries;
    }
    return entries;
  }

  private static String link(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static Optional<Map<String, Object>> identity(Path file) {
    try {
      return Optional.of(Files.readAttributes(file, "unix:dev,ino"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
