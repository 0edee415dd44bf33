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
import org.jspecify.annotations.Nullable;

/**
 * Tells what an exchange has put in place from what a person has put there since. Not thread-safe.
 */
final class PutData {
  private final EngineData data;
  private final SwapFolder folder;

  /** Read once: the archives may be large. */
  private @Nullable TarContents before;

  private @Nullable TarContents put;

  PutData(EngineData data, SwapFolder folder) {
    this.data = data;
    this.folder = folder;
  }

  /** What was there before the restore. */
  TarContents before() throws IOException {
    TarContents known = before;
    if (known == null) {
      boolean nothing = folder.has(SwapFolder.Phase.NOTHING_BEFORE);
      known = nothing ? new TarContents(Map.of()) : data.of(folder.saved());
      before = known;
    }
    return known;
  }

  private TarContents put() throws IOException {
    TarContents known = put;
    if (known == null) {
      known = data.of(source());
      put = known;
    }
    return known;
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
      TarContents changes = present.without(put());
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
    return present.sharesFile(put())
        && data.canBeOfProgram(present.without(put()), put(), before());
  }

  /** After a rollback that was killed there may be more files of the program that ran before. */
  private boolean isOfExchange(TarContents present, boolean returning) throws IOException {
    List<Path> ours = Stream.of(folder.saved(), source()).filter(Disk::exists).toList();
    TarContents others = present.unlike(ours);
    return others.isEmpty() || (returning && data.canBeOfProgram(others, put(), before()));
  }

  private Path source() throws IOException {
    return folder.kept().orElse(folder.staged());
  }
}
