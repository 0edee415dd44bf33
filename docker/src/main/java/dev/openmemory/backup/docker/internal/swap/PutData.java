package dev.openmemory.backup.docker.internal.swap;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.archive.TarContents;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.swap.RespectsRepair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells what an exchange has put in place from what a person has put there since. */
record PutData(EngineData data, SwapFolder folder) {
  /** What was there before the restore. */
  TarContents before() throws IOException {
    return folder.has(SwapFolder.Phase.NOTHING_BEFORE)
        ? new TarContents(Map.of())
        : data.of(folder.saved());
  }

  /**
   * Refuses to replace what cannot come from the exchange and a program that was started then.
   *
   * @param present what a later run finds; empty when the engine does not show it
   */
  void requireOwn(Optional<TarContents> present) throws IOException {
    Optional<String> left = folder.left();
    boolean own;
    if (present.isEmpty()) {
      own = left.isEmpty();
    } else if (isWhole()) {
      own = !present.get().hasData() || isRestored(present.get());
    } else {
      boolean returning = left.isEmpty() && folder.has(SwapFolder.Phase.RETURNING);
      own =
          present.map(TarContents::fingerprint).equals(left)
              || isOfExchange(present.get(), returning);
    }
    if (!own) {
      throw Kind.FAILED.failure("roll back restore", data.describe(), RespectsRepair.LEFT_ALONE);
    }
  }

  /** Copies what is not as it was put: a person may have written it in place of the program. */
  void saveChanges(TarContents present, Cancellation cancellation) throws IOException {
    if (isWhole()) {
      TarContents changes = present.without(data.of(put()));
      Files.deleteIfExists(folder.changes());
      if (!changes.isEmpty()) {
        data.saveFiles(changes.entries().keySet(), folder.changes(), cancellation);
        Disk.force(folder.changes());
      }
    }
  }

  /** Whether all of the restored data was there, and no rollback has begun to write since. */
  private boolean isWhole() throws IOException {
    return folder.has(SwapFolder.Phase.APPLIED)
        && !folder.has(SwapFolder.Phase.RETURNING)
        && folder.left().isEmpty();
  }

  private boolean isRestored(TarContents present) throws IOException {
    TarContents put = data.of(put());
    return present.sharesFile(put) && data.canBeOfProgram(present.without(put), put, before());
  }

  /** After a rollback that was killed there may be more files of the program that ran before. */
  private boolean isOfExchange(TarContents present, boolean returning) throws IOException {
    List<Path> ours = Stream.of(folder.saved(), put()).filter(Disk::exists).toList();
    TarContents others = present.unlike(ours);
    return others.isEmpty() || (returning && data.canBeOfProgram(others, data.of(put()), before()));
  }

  private Path put() throws IOException {
    return folder.kept().orElse(folder.staged());
  }
}
