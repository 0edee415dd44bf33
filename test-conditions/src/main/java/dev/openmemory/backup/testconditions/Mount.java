package dev.openmemory.backup.testconditions;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system that a test mounts, which needs root. {@link #close} unmounts it; the end of the
 * JVM does too. A test that lacks a program or the right to mount is skipped as by {@link
 * Requires}.
 */
public final class Mount implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;

  private final Path place;
  private final Thread atExit;

  private Mount(Path place) {
    this.place = place;
    this.atExit = new Thread(() -> unmount(place), "unmount");
  }

  /** A file system in memory at that directory, with options such as {@code size=1m}. */
  public static Mount tmpfs(Path place, String options) throws IOException {
    return by("mount rights", place, "mount", "-t", "tmpfs", "-o", options, "none");
  }

  /**
   * A file system in an image file, at that directory.
   *
   * @param makeFileSystem the command that makes it, to which the image is added
   */
  public static Mount image(
      String type, Path image, long bytes, Path place, String... makeFileSystem)
      throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    List<String> make = new ArrayList<>(List.of(makeFileSystem));
    make.add(image.toString());
    Requires.that(run(make), makeFileSystem[0]);
    return by(
        type + " on a loop device", place, "mount", "-t", type, "-o", "loop", image.toString());
  }

  /**
   * What a command mounts at that directory, which is its last argument.
   *
   * @param need what is missing when the command fails, as a noun
   */
  public static Mount by(String need, Path place, String... command) throws IOException {
    Mount mount = new Mount(place);
    List<String> all = new ArrayList<>(List.of(command));
    all.add(place.toString());
    Runtime.getRuntime().addShutdownHook(mount.atExit);
    boolean mounted = run(all) && mount.isMounted();
    if (!mounted) {
      unmount(place);
      Runtime.getRuntime().removeShutdownHook(mount.atExit);
    }
    Requires.that(mounted, need);
    return mount;
  }

  /** Where it is mounted. */
  public Path place() {
    return place;
  }

  /** Mounts it again with an option such as {@code ro}. */
  public void remount(String option) throws IOException {
    if (!run(List.of("mount", "-o", "remount," + option, place.toString()))) {
      throw new IOException("not remounted with " + option + ": " + place);
    }
  }

  private boolean isMounted() throws IOException {
    Path real = place.toRealPath();
    return Files.readAllLines(Path.of("/proc/mounts")).stream()
        .anyMatch(line -> line.contains(" " + real + " "));
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(atExit);
    if (!unmount(place)) {
      throw new IOException("still mounted: " + place);
    }
  }

  private static boolean unmount(Path place) {
    // Lazily, so that nothing that a failed test left open keeps it.
    return run(List.of("umount", "-l", place.toString()));
  }

  private static boolean run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
