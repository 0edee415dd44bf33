package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One file that a restore replaces. When the configured path is a symbolic link, it is the file
 * behind it, so that the link stays.
 *
 * @param file absolute; may not exist yet
 */
public record Destination(Path file) {
  private static final int MOST_LINKS = 40;
  private static final int BUFFER = 64 * 1024;

  /** Follows links by hand because the file behind them is missing in the middle of a swap. */
  public static Destination of(Path path) throws IOException {
    Path file = path.toAbsolutePath().normalize();
    try {
      for (int links = 0; Files.isSymbolicLink(file); links++) {
        if (links == MOST_LINKS) {
          throw Kind.INVALID.failure(
              "find restore place", path.toString(), "too many symbolic links");
        }
        file = file.resolveSibling(Files.readSymbolicLink(file)).normalize();
      }
      return new Destination(file);
    } catch (IOException e) {
      throw FileFailure.of("find restore place", path, e);
    }
  }

  /** The directory that holds the file. */
  public Path directory() {
    return Objects.requireNonNull(file.getParent());
  }

  public String name() {
    return Objects.requireNonNull(file.getFileName()).toString();
  }

  /** Writes the bytes to a new file that only the owner may read. */
  public static void copy(InputStream in, Path newFile, Cancellation cancellation)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (OutputStream out = Disk.createPrivateFile(newFile)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        cancellation.check();
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      throw FileFailure.of("write", newFile, e);
    }
  }

  /**
   * Gives the staged file the permissions and the owner of the file that it will replace, because
   * the application may run as another user. Without such a file it stays private to us.
   */
  public void adopt(Path staged, Consumer<Warning> warnings) throws IOException {
    if (!Disk.isPosix(file) || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      for (String attribute : new String[] {"unix:gid", "unix:uid"}) {
        Object wanted = Files.getAttribute(file, attribute);
        if (!wanted.equals(Files.getAttribute(staged, attribute))) {
          changeOwner(staged, attribute, wanted, warnings);
        }
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      Files.setPosixFilePermissions(staged, permissions);
    } catch (IOException e) {
      throw FileFailure.of("stage restore", staged, e);
    }
  }

  private void changeOwner(
      Path staged, String attribute, Object wanted, Consumer<Warning> warnings) {
    try {
      Files.setAttribute(staged, attribute, wanted);
    } catch (IOException e) {
      warnings.accept(
          new Warning(
              "owner-not-kept", file + " will belong to another owner or group than before"));
    }
  }
}
