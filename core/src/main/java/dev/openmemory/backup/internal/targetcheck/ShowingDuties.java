package dev.openmemory.backup.internal.targetcheck;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** T5 to T7: what a store shows of what is there, and of what is not. */
final class ShowingDuties {
  private static final int LONGEST_SEGMENT = 128;

  /** As long as a lock of another host lasts, and half of it. */
  private static final Duration TOLERABLE = Duration.ofMinutes(5);

  private final Clock clock;

  ShowingDuties(Clock clock) {
    this.clock = clock;
  }

  /** Tried with the smallest object: where it is refused, nothing else is written. */
  Answer deletes(CheckFolder folder) throws IOException {
    try {
      folder.delete(CheckFolder.MARKER);
    } catch (BackupException e) {
      if (e.kind() != Kind.DENIED && e.kind() != Kind.UNSUPPORTED) {
        throw e;
      }
      folder.deletesAreRefused();
      return Answer.limited(
          Answer.said(e),
          "Do not use delete, prune, unpin or sync --delete here. Locks and markers of each run"
              + " stay until another account removes them.");
    }
    Optional<Duration> gone = folder.until(() -> folder.size(CheckFolder.MARKER).isEmpty());
    if (gone.isEmpty()) {
      folder.deletesAreRefused();
      return Answer.broken("the answer to the delete was OK, and the object is still there");
    }
    folder.write(CheckFolder.MARKER, folder.marker());
    String works = "Backups can be deleted and pruned.";
    return gone.get().isZero()
        ? Answer.kept("at once, and the name can be used again", works)
        : Answer.slower("after " + seconds(gone.get()), works);
  }

  Answer missing(CheckFolder folder) throws IOException {
    ObjectName name = folder.object("missing.bin");
    if (folder.target().stat(name).isPresent()) {
      return Answer.broken("an object that was never written is there");
    }
    try {
      folder.target().read(name, 0).close();
      return Answer.broken("an object that was never written was read");
    } catch (BackupException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
    }
    if (folder.deletes()) {
      folder.target().delete(name);
    }
    return Answer.kept("not found");
  }

  /** Where nothing can be deleted, only the object that is there already is looked for. */
  Answer lists(CheckFolder folder) throws IOException {
    String file = folder.deletes() ? "listed.bin" : CheckFolder.MARKER;
    if (folder.deletes()) {
      folder.write(file, folder.bytes(file, 1));
    }
    Optional<Duration> shown = folder.until(() -> folder.lists(file));
    if (shown.isEmpty()) {
      return Answer.broken("an object is there that no list shows");
    }
    Duration late = shown.get();
    if (folder.deletes()) {
      folder.delete(file);
      Optional<Duration> gone = folder.until(() -> !folder.lists(file));
      if (gone.isEmpty()) {
        return Answer.broken("a list still shows an object that was deleted");
      }
      late = late.compareTo(gone.get()) < 0 ? gone.get() : late;
    }
    return late.isZero()
        ? Answer.kept("by the next list")
        : Answer.limited(
            "a list is " + seconds(late) + " late",
            "Do not start runs of two hosts within a minute of each other: they may not see each"
                + " other's locks.");
  }

  /** As every list of backups does. */
  Answer allBackups(CheckFolder folder) throws IOException {
    if (folder.size(CheckFolder.MARKER).isEmpty()) {
      return Answer.notChecked("there is no object to look for");
    }
    ObjectName marker = folder.object(CheckFolder.MARKER);
    boolean shown = folder.until(() -> everything(folder).contains(marker)).isPresent();
    return shown
        ? Answer.kept("objects: " + everything(folder).size(), "Backups can be listed.")
        : Answer.broken("the list of everything does not show all that is there");
  }

  private static List<ObjectName> everything(CheckFolder folder) throws IOException {
    return folder.target().listFolders("").stream().map(ObjectInfo::name).toList();
  }

  Answer names(CheckFolder folder) throws IOException {
    List<String> files = List.of("A.b_c-0.tar.gz", "_", "n".repeat(LONGEST_SEGMENT));
    for (String file : files) {
      folder.write(file, folder.bytes(file, file.length()));
    }
    folder.until(() -> folder.listed().containsAll(files));
    List<String> listed = folder.listed();
    for (String file : files) {
      if (!listed.contains(file) || !folder.holds(file, folder.bytes(file, file.length()))) {
        return Answer.broken("an object with the name '" + file + "' is not there under it");
      }
    }
    return isSorted(listed)
        ? Answer.kept("up to " + LONGEST_SEGMENT + " characters")
        : Answer.broken("a list is not sorted by name");
  }

  private static boolean isSorted(List<String> names) {
    return names.equals(names.stream().sorted().toList());
  }

  Answer capitals(CheckFolder folder) throws IOException {
    folder.write("capitals.bin", folder.bytes("capitals.bin", 1));
    try {
      folder.write("CAPITALS.bin", folder.bytes("CAPITALS.bin", 2));
    } catch (BackupException e) {
      if (e.kind() != Kind.ALREADY_EXISTS) {
        throw e;
      }
      return Answer.limited(
          "names that differ in capitals only are the same here",
          "Do not give backups names that differ in capitals only.");
    }
    return folder.holds("capitals.bin", folder.bytes("capitals.bin", 1))
        ? Answer.kept("told apart")
        : Answer.broken("an object was replaced by one with a name in capitals");
  }

  Answer clock(CheckFolder folder) throws IOException {
    ObjectName name = folder.object(CheckFolder.MARKER);
    Instant stored = folder.target().stat(name).map(ObjectInfo::modified).orElse(Instant.EPOCH);
    Duration apart = Duration.between(clock.instant(), stored).abs();
    return apart.compareTo(TOLERABLE) < 0
        ? Answer.kept("as here")
        : Answer.limited(
            "an object that was just written is of " + stored,
            "Do not rely on the age of locks and of backups without a manifest here. Set the clocks"
                + " of both hosts.");
  }

  private static String seconds(Duration time) {
    return time.toMillis() / 1000.0 + " s";
  }
}
