package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Gives unpacked files their owners. What had the owner of the archived directory gets the owner of
 * the directory that it replaces: the application that runs here may be another user than there.
 * Everything else keeps the owner of the archive. A refused change is a warning, the first alone.
 * Not thread-safe.
 */
public final class RestoredOwners {
  private static final String USER = "unix:uid";
  private static final String GROUP = "unix:gid";

  /** How owners are read and changed. */
  interface Access {
    /** That of this system. */
    Access REAL =
        new Access() {
          @Override
          public int get(Path path, String attribute) throws IOException {
            return (int) Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS);
          }

          @Override
          public void set(Path path, String attribute, int id) throws IOException {
            Files.setAttribute(path, attribute, id, LinkOption.NOFOLLOW_LINKS);
          }
        };

    int get(Path path, String attribute) throws IOException;

    void set(Path path, String attribute, int id) throws IOException;
  }

  private record Ids(int user, int group) {}

  private final Optional<Path> replaced;
  private final Access access;
  private final Consumer<Warning> warnings;
  private Optional<Ids> there = Optional.empty();
  private Optional<Ids> here = Optional.empty();
  private boolean warned;

  RestoredOwners(Optional<Path> replaced, Access access, Consumer<Warning> warnings) {
    this.replaced = replaced;
    this.access = access;
    this.warnings = warnings;
  }

  /**
   * For this system.
   *
   * @param replaced the directory that is replaced; empty when there is none
   */
  public static RestoredOwners of(Optional<Path> replaced, Consumer<Warning> warnings) {
    return new RestoredOwners(replaced, Access.REAL, warnings);
  }

  /**
   * The directory, when there is something in it. The owner of an empty one may be the engine that
   * has just made it, and not the application.
   *
   * @param ignored names in it that do not count
   */
  public static Optional<Path> filled(Path directory, Predicate<String> ignored)
      throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    boolean filled =
        Disk.entries(directory).stream()
            .anyMatch(entry -> !ignored.test(String.valueOf(entry.getFileName())));
    return filled ? Optional.of(directory) : Optional.empty();
  }

  /** Takes the archived directory itself, which comes before what is in it. */
  void root(TarEntry entry) throws IOException {
    there = Optional.of(new Ids((int) entry.uid(), (int) entry.gid()));
    if (replaced.isPresent()) {
      here =
          Optional.of(new Ids(access.get(replaced.get(), USER), access.get(replaced.get(), GROUP)));
    }
  }

  /** Sets the owner of an unpacked entry, where it has another. */
  void apply(TarEntry entry, Path path) throws IOException {
    set(path, USER, mapped((int) entry.uid(), Ids::user));
    set(path, GROUP, mapped((int) entry.gid(), Ids::group));
  }

  private interface Part {
    int of(Ids ids);
  }

  private int mapped(int id, Part part) {
    return there.filter(ids -> part.of(ids) == id).flatMap(ids -> here).map(part::of).orElse(id);
  }

  private void set(Path path, String attribute, int id) throws IOException {
    if (access.get(path, attribute) == id) {
      return;
    }
    try {
      access.set(path, attribute, id);
    } catch (IOException e) {
      if (!warned) {
        warned = true;
        warnings.accept(
            new Warning(
                "owner-not-kept",
                path
                    + " and perhaps others do not get the owner or group "
                    + id
                    + ": "
                    + FileFailure.reason(e)));
      }
    }
  }
}
