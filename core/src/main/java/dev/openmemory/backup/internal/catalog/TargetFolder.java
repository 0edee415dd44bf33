package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.internal.run.WorkFolder;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory of a target on this host. It must not be the home of an installation: the live
 * database would be listed as a backup, and could be deleted as one.
 */
public final class TargetFolder {
  private static final String FILE_SCHEME = "file:";
  private static final String DATABASE_OF_A_HOME = "api/openmemory.db";

  /** Of the path of a file in a backup: the folder of the backup, and the file. */
  private static final int DEPTH_OF_BACKUPS = 2;

  private TargetFolder() {}

  /** Fails when the directory is the home of an installation. */
  static void requireNoHome(BackupTarget target) throws BackupException {
    Optional<Path> folder = of(target);
    if (folder.isPresent() && isHome(folder.get())) {
      throw refused(target, folder.get());
    }
  }

  private static boolean isHome(Path folder) {
    Path database = folder.resolve(DATABASE_OF_A_HOME);
    return Files.exists(WorkFolder.of(folder))
        || (Files.exists(database) && !Files.exists(database.resolveSibling(Manifest.FILE_NAME)));
  }

  /** Fails when files of the installation would count as a backup in the target. */
  public static void requireApart(BackupTarget target, Installation installation)
      throws BackupException {
    Optional<Path> folder = of(target);
    if (folder.isEmpty()) {
      return;
    }
    if (folder.equals(real(installation.home()))) {
      throw refused(target, folder.get());
    }
    for (Installation.Part part : installation.parts()) {
      Optional<Path> path = Optional.ofNullable(part.options().get("path")).map(Path::of);
      Optional<Path> file = path.flatMap(TargetFolder::real);
      if (file.isPresent()
          && file.get().startsWith(folder.get())
          && folder.get().relativize(file.get()).getNameCount() == DEPTH_OF_BACKUPS) {
        throw refused(target, folder.get());
      }
    }
  }

  private static BackupException refused(BackupTarget target, Path folder) {
    return Kind.INVALID.failure(
        "use target",
        target.location(),
        "live files of an OpenMemory installation are in this directory and would be taken for a"
            + " backup; use another one, such as "
            + folder.resolve("backups"));
  }

  private static Optional<Path> of(BackupTarget target) {
    String location = target.location();
    try {
      return location.startsWith(FILE_SCHEME)
          ? real(Path.of(URI.create(location)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Empty where nothing is. */
  private static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
