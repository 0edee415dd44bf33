package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a {@link Swap} can replace what is in a directory. Looking changes nothing. */
public final class Replaceable {
  private Replaceable() {}

  /** Whether this process has the rights to exchange everything in an existing directory. */
  public static boolean isAllowed(Path directory) throws IOException {
    return MovableEntries.here().all(directory);
  }

  /**
   * Refuses what the swap would refuse.
   *
   * @param names in the directory; null for all that is in it
   * @throws BackupException of kind {@code UNSUPPORTED} when a mount point would have to be
   *     replaced, {@code DENIED} when nothing can be written there, or a directory of another user
   *     would have to be moved
   */
  public static void require(Path directory, @Nullable List<String> names) throws IOException {
    try {
      MountPoints.now().requireNone(directory, names);
      MovableEntries.here().require(WorkArea.swapped(directory, names));
    } catch (IOException e) {
      throw FileFailure.of("stage restore", directory, e);
    }
    Path existing = Disk.nearestExisting(directory.toAbsolutePath());
    if (!Files.isWritable(existing)) {
      throw Kind.DENIED.failure("stage restore", existing.toString(), "is not writable");
    }
  }
}
