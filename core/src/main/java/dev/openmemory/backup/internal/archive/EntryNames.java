package dev.openmemory.backup.internal.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names that an archive has used so far and the rules that keep every entry, and everything
 * that a link leads to, below the root. Takes the words of the archive only, never of the disk, so
 * that a walk refuses exactly what an extraction refuses.
 */
final class EntryNames {
  /** More than a kernel takes. */
  private static final int MAX_LENGTH = 4096;

  private final Map<String, Kind> known = new HashMap<>(Map.of("", Kind.DIRECTORY));

  enum Kind {
    DIRECTORY,
    FILE,
    SYMBOLIC_LINK
  }

  /** A name or link that is refused, and why. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String why) {
      super(why);
    }
  }

  /** The name below the root without empty and {@code .} parts; empty for the root. */
  static String normalize(String raw) throws RefusedException {
    if (raw.startsWith("/")) {
      throw new RefusedException("the name is absolute");
    }
    if (raw.indexOf('\0') >= 0) {
      throw new RefusedException("the name has a zero byte");
    }
    if (raw.length() > MAX_LENGTH) {
      throw new RefusedException("the name is longer than " + MAX_LENGTH);
    }
    List<String> parts = new ArrayList<>(Arrays.asList(raw.split("/", -1)));
    parts.removeIf(part -> part.isEmpty() || part.equals("."));
    if (parts.contains("..")) {
      throw new RefusedException("the name leaves the root by '..'");
    }
    return String.join("/", parts);
  }

  /**
   * Notes an entry.
   *
   * @return the names of directories above it that the archive did not have, outermost first
   */
  List<String> add(String name, Kind kind) throws RefusedException {
    List<String> missing = new ArrayList<>();
    for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      String above = name.substring(0, end);
      Kind there = known.putIfAbsent(above, Kind.DIRECTORY);
      if (there == null) {
        missing.add(above);
      } else if (there != Kind.DIRECTORY) {
        throw new RefusedException("'" + above + "' is a " + word(there) + " and no directory");
      }
    }
    Kind before = known.putIfAbsent(name, kind);
    if (before != null && (before != Kind.DIRECTORY || kind != Kind.DIRECTORY)) {
      throw new RefusedException("the name is there already, as a " + word(before));
    }
    return missing;
  }

  /** The number of names, those of missing directories included. */
  int count() {
    return known.size();
  }

  /** The name of the file that a hard link is to. */
  String hardLink(String raw) throws RefusedException {
    String target = normalize(raw);
    if (known.get(target) != Kind.FILE) {
      throw new RefusedException("the hard link is to no earlier file: '" + raw + "'");
    }
    return target;
  }

  /**
   * Checks a symbolic link. It may go up first and then down, and not above the root. As nothing is
   * ever written through a link, going up passes real directories only; going up after going down
   * could pass a link to a place that is less deep and leave the root.
   */
  static void checkSymbolicLink(String name, String target) throws RefusedException {
    if (target.isEmpty() || target.startsWith("/") || target.indexOf('\0') >= 0) {
      throw new RefusedException("the link is empty, absolute or has a zero byte");
    }
    long depth = name.chars().filter(c -> c == '/').count();
    boolean down = false;
    for (String part : target.split("/", -1)) {
      boolean up = part.equals("..");
      if (up && (down || --depth < 0)) {
        throw new RefusedException("the link can leave the root: '" + target + "'");
      }
      down |= !up && !part.isEmpty() && !part.equals(".");
    }
  }

  private static String word(Kind kind) {
    return switch (kind) {
      case DIRECTORY -> "directory";
      case FILE -> "file";
      case SYMBOLIC_LINK -> "symbolic link";
    };
  }
}
