package dev.openmemory.backup.internal.publish;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.DurableFile;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.internal.run.WorkFolder;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ReportsPresence;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code targets.json} in the home's work folder: since when there are backups of this installation
 * in which folders. Each is marked, also when all backups in it were deleted. A folder that is
 * missing, or has no mark, is one of a disk that is not mounted, and a backup there would fill
 * another disk.
 *
 * @param warnings takes what disables this check
 */
public record UsedTargets(Path home, Consumer<Warning> warnings) {
  private static final Logger LOG = LoggerFactory.getLogger(UsedTargets.class);

  /** One run of this process at a time: a lock of a file excludes other processes only. */
  private static final Object THIS_PROCESS = new Object();

  /**
   * Refuses a target that was used and has lost everything.
   *
   * @throws BackupException of kind {@code NOT_FOUND}
   */
  public void requireStillThere(BackupTarget target) throws IOException {
    Optional<ReportsPresence> place = ForwardingBackupTarget.power(target, ReportsPresence.class);
    if (place.isEmpty() || !read().containsKey(target.location())) {
      return;
    }
    String location = target.location();
    boolean there = Boundary.call("find used target", location, place.get()::isThere);
    if (!there || !Boundary.call("find used target", location, place.get()::isMarked)) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "find used target",
          location,
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
    Set<String> marked = new TreeSet<>();
    for (BackupTarget target : targets) {
      Optional<ReportsPresence> place = ForwardingBackupTarget.power(target, ReportsPresence.class);
      if (place.isPresent()
          && !isInHome(target.location())
          && mark(place.get(), target.location())) {
        marked.add(target.location());
      }
    }
    if (read().keySet().containsAll(marked)) {
      return;
    }
    try {
      Uninterrupted.run(() -> note(marked, now));
    } catch (IOException e) {
      warnings.accept(unchecked("cannot be written: " + FileFailure.reason(e)));
    }
  }

  /** Runs to other targets of this home may do the same at this moment. */
  private void note(Set<String> marked, Instant now) throws IOException {
    synchronized (THIS_PROCESS) {
      Files.createDirectories(WorkFolder.of(home));
      try (FileChannel channel =
              FileChannel.open(
                  WorkFolder.of(home).resolve("targets.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        LOG.debug("Noting {} under {}", marked, lock);
        Map<String, Object> known = new TreeMap<>(read());
        marked.forEach(location -> known.putIfAbsent(location, now.toString()));
        DurableFile.write(file(), Json.write(Map.of("targets", known)));
      }
    }
  }

  private Warning unchecked(String fact) {
    return new Warning(
        "targets-unchecked",
        file() + " " + fact + "; a target with a disk that is not mounted would not be noticed");
  }

  private boolean isInHome(String location) {
    try {
      return Path.of(URI.create(location)).startsWith(home.toAbsolutePath().normalize());
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return false;
    }
  }

  private boolean mark(ReportsPresence place, String location) {
    try {
      Boundary.step("mark target", location, place::mark);
      return true;
    } catch (IOException | RuntimeException e) {
      warnings.accept(
          new Warning(
              "targets-unchecked",
              location
                  + " takes no mark ("
                  + (e instanceof BackupException ours ? ours.fact() : e.toString())
                  + "); when its disk is not mounted, this would not be noticed"));
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
      String fact = e instanceof BackupException ours ? ours.fact() : FileFailure.reason(e);
      warnings.accept(unchecked("cannot be read: " + fact));
      return Map.of();
    }
  }

  private Path file() {
    return WorkFolder.of(home).resolve("targets.json");
  }
}
