package dev.openmemory.backup.testkit.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a directory holds at one moment, without modes and times.
 *
 * @param entries by name, with {@code /} between the segments: {@code d} is a directory, {@code l}
 *     and a target a symbolic link, {@code f} and its bytes, each as one character, a file
 */
public record DiskState(SortedMap<String, String> entries) {
  static final String DIRECTORY = "d";
  static final String EMPTY_FILE = "f";

  private static final int RADIX = 36;
  private static final Instant STARTED =
      ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);

  /** The owner in the name of a file, up to the ticks at its end. */
  private static final String PID_IN_NAME =
      "_" + Long.toString(ProcessHandle.current().pid(), RADIX) + "_";

  private static final Pattern IN_NAME =
      Pattern.compile("(" + PID_IN_NAME + "[0-9a-z]+_[0-9a-z]+)_[0-9a-z]+");
  private static final String TICKS = "startTicks";
  private static final Pattern TICKS_IN_JSON =
      Pattern.compile("(\"" + TICKS + "\" ?: ?\")[0-9]+\"");

  /** Copies the map. */
  public DiskState {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /** The present one of a directory. */
  public static DiskState of(Path directory) throws IOException {
    SortedMap<String, String> entries = new TreeMap<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes known) {
            entries.put(name(path), DIRECTORY);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes known)
              throws IOException {
            entries.put(name(path), entry(path, known.isSymbolicLink()));
            return FileVisitResult.CONTINUE;
          }

          private String name(Path path) {
            return directory.relativize(path).toString().replace('\\', '/');
          }
        });
    entries.remove("");
    return new DiskState(entries);
  }

  static String entry(Path path) throws IOException {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
        ? DIRECTORY
        : entry(path, Files.isSymbolicLink(path));
  }

  private static String entry(Path path, boolean isLink) throws IOException {
    return isLink
        ? "l" + Files.readSymbolicLink(path)
        : EMPTY_FILE + new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
  }

  /** Makes a directory hold this and nothing else. */
  void put(Path directory) throws IOException {
    DiskState present = of(directory);
    List<String> deepestFirst = new ArrayList<>(present.entries.keySet());
    Collections.reverse(deepestFirst);
    for (String name : deepestFirst) {
      if (!has(name, present)) {
        Files.delete(directory.resolve(name));
      }
    }
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      if (!has(entry.getKey(), present)) {
        create(directory.resolve(entry.getKey()), entry.getValue());
      }
    }
  }

  private boolean has(String name, DiskState present) {
    return Objects.equals(entries.get(name), present.entries.get(name));
  }

  private static void create(Path path, String entry) throws IOException {
    String text = entry.substring(1);
    switch (entry.charAt(0)) {
      case 'd' -> Files.createDirectory(path);
      case 'l' -> Files.createSymbolicLink(path, Path.of(text));
      default -> Files.write(path, text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /** The entries with such names. */
  public DiskState only(Predicate<String> names) {
    SortedMap<String, String> some = new TreeMap<>(entries);
    some.keySet().removeIf(names.negate());
    return new DiskState(some);
  }

  /** The names of all that is no directory. */
  public List<String> files() {
    return entries.keySet().stream().filter(n -> !DIRECTORY.equals(entries.get(n))).toList();
  }

  /**
   * The same as if a process that has ended had written it: see {@link #ofEndedProcess(String)}.
   */
  public DiskState ofEndedProcess() {
    SortedMap<String, String> changed = new TreeMap<>();
    entries.forEach((name, entry) -> changed.put(ofEndedProcess(name), ofEndedProcess(entry)));
    return new DiskState(changed);
  }

  /**
   * The text with every mention of the start of this process replaced by another moment, so that
   * its writer, of this process's id, is another process, which is gone.
   */
  public static String ofEndedProcess(String text) {
    String ended = text.replace(STARTED.toString(), STARTED.minusSeconds(1).toString());
    // Most files mention no process, and the patterns are slow on long ones.
    if (ended.contains(TICKS)) {
      ended = TICKS_IN_JSON.matcher(ended).replaceAll("$11\"");
    }
    return ended.contains(PID_IN_NAME) ? IN_NAME.matcher(ended).replaceAll("$1_1") : ended;
  }
}
