package dev.openmemory.backup.internal.publish;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.DurableFile;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.run.WorkFolder;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ReportsPresence;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code targets.json} in the home's work folder: since when there are backups of this installation
 * in which folders. Each is marked, also when all backups in it were deleted. A folder that is
 * missing, or has no mark, is one of a disk that is not mounted, and a backup there would fill
 * another disk.
 */
public record UsedTargets(Path home) {
  private static final Logger LOG = LoggerFactory.getLogger(UsedTargets.class);

  /**
   * Refuses a target that was used and has lost everything.
   *
   * @throws BackupException of kind {@code NOT_FOUND}
   */
  void requireStillThere(BackupTarget target) throws IOException {
    Optional<ReportsPresence> place = ForwardingBackupTarget.power(target, ReportsPresence.class);
    if (place.isEmpty() || !read().containsKey(target.location())) {
      return;
    }
    boolean there = place.get().isThere();
    if (!there || !place.get().isMarked()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "find used target",
          target.location(),
          "backups were made here before, and the folder "
              + (there ? "is another one" : "does not exist")
              + " now; is its disk mounted?");
    }
  }

  /**
   * Marks and notes those of them that can be missing while the home is there. One that takes no
   * mark is not noted.
   */
  void add(Iterable<BackupTarget> targets, Instant now) {
    Map<String, Object> known = new TreeMap<>(read());
    boolean changed = false;
    for (BackupTarget target : targets) {
      Optional<ReportsPresence> place = ForwardingBackupTarget.power(target, ReportsPresence.class);
      if (place.isPresent()
          && !isInHome(target.location())
          && mark(place.get(), target.location())) {
        changed |= known.putIfAbsent(target.location(), now.toString()) == null;
      }
    }
    if (changed) {
      try {
        DurableFile.write(file(), Json.write(Map.of("targets", known)));
      } catch (IOException e) {
        LOG.debug("{} was not written", file(), e);
      }
    }
  }

  private boolean isInHome(String location) {
    try {
      return Path.of(URI.create(location)).startsWith(home.toAbsolutePath().normalize());
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return false;
    }
  }

  private static boolean mark(ReportsPresence place, String location) {
    try {
      place.mark();
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} was not marked", location, e);
      return false;
    }
  }

  private Map<String, Object> read() {
    try {
      return Files.exists(file())
          ? JsonObject.parse(Files.readAllBytes(file()), file().toString())
              .object("targets")
              .others(Set.of())
          : Map.of();
    } catch (IOException e) {
      LOG.debug("{} was not read", file(), e);
      return Map.of();
    }
  }

  private Path file() {
    return WorkFolder.of(home).resolve("targets.json");
  }
}
