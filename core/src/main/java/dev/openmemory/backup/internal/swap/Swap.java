package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.swap.Journal.Phase;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts restored entries of a directory in the place of those from before, by renames that can be
 * undone after a kill or a loss of power at any point.
 *
 * <p>The directory itself is never renamed, because a container may have it mounted. Inside it, a
 * private work area {@code .openmemory-backup/<restoreId>-<part>/} holds the staged entries ({@code
 * new/}), those set aside ({@code old/}) and a journal. The area lies in the directory so that
 * every move is a rename within one file system.
 *
 * <p>The journal says which kind of entries the directory holds under the swapped names: until all
 * old ones are out, only old ones; from then on, only restored ones. Going back therefore needs no
 * list of what has been moved, and clears away what an application created meanwhile.
 *
 * <p>Not thread-safe. All failures are {@link BackupException}s.
 */
public final class Swap implements Restoration, RespectsRepair {
  /** The name, in the directory, of what belongs to no backup and to no swap. */
  public static final String WORK_AREA = ".openmemory-backup";

  private final Path directory;
  private final WorkArea area;
  private final @Nullable List<String> names;
  private final PutEntries entries;

  /** Null while nothing has been moved. */
  private @Nullable Journal journal;

  private @Nullable Integer setAside;
  private boolean createdDirectory;
  private boolean finished;

  /** Whether a person may have repaired the data since it was exchanged. */
  private boolean maybeRepaired;

  private Swap(
      Path directory, WorkArea area, @Nullable List<String> names, @Nullable Journal journal) {
    this.directory = directory;
    this.area = area;
    this.names = names;
    this.entries = new PutEntries(directory, names);
    this.journal = journal;
    this.setAside = journal == null ? null : journal.setAside();
  }

  /**
   * Begins to replace some entries of a directory; creates the directory when it is missing.
   *
   * @param restoreId unique to the restore
   * @param part distinguishes the swaps of one restore in one directory, such as {@code database}
   * @param names of all entries that belong to the state from before; existing ones are set aside
   */
  public static Swap ofEntries(Path directory, String restoreId, String part, List<String> names)
      throws IOException {
    return begin(directory, restoreId, part, List.copyOf(names), null);
  }

  /**
   * Begins to replace everything in a directory except {@link #WORK_AREA}; otherwise like {@link
   * #ofEntries}.
   */
  public static Swap ofEverything(Path directory, String restoreId, String part)
      throws IOException {
    return begin(directory, restoreId, part, null, null);
  }

  /**
   * Begins to put back what an earlier restore has set aside; otherwise like {@link #ofEntries}.
   * Nothing is copied: the entries are moved when this is applied, and moved back by a rollback.
   *
   * @param names as in {@link #ofEntries}; null for everything
   * @param keptBy the id of that restore
   */
  public static Swap ofKept(
      Path directory, String restoreId, String part, @Nullable List<String> names, String keptBy)
      throws IOException {
    return begin(directory, restoreId, part, names, keptBy);
  }

  private static Swap begin(
      Path directory,
      String restoreId,
      String part,
      @Nullable List<String> names,
      @Nullable String keptBy)
      throws IOException {
    WorkArea area = new WorkArea(directory, restoreId, part, keptBy);
    Swap swap = new Swap(directory, area, names, null);
    Replaceable.require(directory, names);
    boolean taken = Disk.exists(area.path());
    try {
      swap.createdDirectory = !Files.exists(directory);
      Files.createDirectories(directory);
      area.create();
      return swap;
    } catch (IOException e) {
      if (!taken) {
        Undo.after(e, swap::discard);
      }
      throw FileFailure.of("stage restore", directory, e);
    }
  }

  /** The swap that an earlier process began, if anything of it is left. */
  public static Optional<Swap> resume(Path directory, String restoreId, String part)
      throws IOException {
    WorkArea area = new WorkArea(directory, restoreId, part, null);
    try {
      if (!Files.isDirectory(area.path(), LinkOption.NOFOLLOW_LINKS)) {
        area.removeRoot();
        return Optional.empty();
      }
      Journal journal = Journal.read(area.path()).orElse(null);
      if (journal == null && !Disk.exists(area.staging())) {
        // Killed while creating or removing the area: nothing is staged and nothing set aside.
        area.remove();
        return Optional.empty();
      }
      if (journal == null) {
        return Optional.of(new Swap(directory, area, null, null));
      }
      WorkArea its = new WorkArea(directory, restoreId, part, journal.keptBy());
      Swap left = new Swap(directory, its, journal.names(), journal);
      left.maybeRepaired = true;
      return Optional.of(left);
    } catch (IOException e) {
      throw FileFailure.of("resume restore", area.path(), e);
    }
  }

  /** The directory that takes the restored entries before {@link #apply}. */
  public Path staging() {
    return area.staging();
  }

  /** Makes the staged entries durable, sets the old ones aside and moves the staged ones in. */
  @Override
  public void apply() throws IOException {
    if (journal != null || finished) {
      throw new IllegalStateException("was applied or ended before");
    }
    try {
      Disk.forceTree(staging());
      area.refuseStaged(names);
      area.refuseOtherFileSystems(area.swapped(names));
      enter(Phase.MOVING_OUT);
      setAside = area.setAside(names);
      enter(Phase.MOVING_IN);
      area.moveIn();
      enter(Phase.APPLIED);
    } catch (IOException e) {
      throw FileFailure.of("apply restore", directory, e);
    }
  }

  @Override
  public Optional<Path> commit(boolean discardPrevious) throws IOException {
    if (finished && journal != null) {
      return area.keptPrevious();
    }
    Phase phase = phase();
    if (phase != Phase.APPLIED && phase != Phase.COMMITTED) {
      throw new IllegalStateException("commit needs a finished apply");
    }
    try {
      enter(Phase.COMMITTED);
      if (discardPrevious) {
        Disk.deleteTree(area.old());
      } else if (!Disk.entries(area.old()).isEmpty()) {
        area.keepPrevious();
      }
      area.remove();
      finished = true;
      return area.keptPrevious();
    } catch (IOException e) {
      throw FileFailure.of("commit restore", area.path(), e);
    }
  }

  /**
   * Puts every entry from before back and removes what was restored and the work area.
   *
   * @throws BackupException of kind {@code NOT_ROLLED_BACK} once {@link #commit} began, or when a
   *     step fails; the message says where the entries are that could not be moved back
   */
  @Override
  public void rollback() throws IOException {
    if (phase() == Phase.COMMITTED) {
      throw Kind.NOT_ROLLED_BACK.failure(
          "roll back restore", directory.toString(), "it is committed");
    }
    if (finished) {
      return;
    }
    requireUnrepaired();
    try {
      if (journal != null) {
        undo(journal);
      }
      discard();
    } catch (IOException e) {
      throw notRolledBack(e);
    }
  }

  private BackupException notRolledBack(IOException e) {
    String before = "the state from before is in " + area.old();
    return RespectsRepair.failure(directory.toString(), before, e);
  }

  @Override
  public void requireUnrepaired() throws BackupException {
    if (journal != null && maybeRepaired) {
      try {
        entries.requireOwn(journal, Journal.written(area.path()));
      } catch (IOException e) {
        throw notRolledBack(e);
      }
    }
  }

  @Override
  public Optional<Path> changesKept() {
    return area.keptPrevious();
  }

  @Override
  public void replaceRepair() {
    maybeRepaired = false;
  }

  private void undo(Journal left) throws IOException {
    Phase from = left.phase();
    if (from != Phase.MOVING_OUT) {
      area.requireSetAside(setAside);
    }
    if (maybeRepaired && entries.areChanged(left)) {
      area.prepareToKeepPut();
    }
    try {
      putBack(from);
    } catch (IOException e) {
      Undo.after(e, () -> write(Objects.requireNonNull(phase()), entries.fingerprint()));
      throw e;
    }
  }

  private void putBack(Phase from) throws IOException {
    if (from != Phase.MOVING_OUT) {
      enter(Phase.MOVING_IN);
      area.takeOut(names);
    }
    // Also when this is the phase already: a failed write may have left another one on the disk.
    enter(Phase.MOVING_OUT);
    area.putBack();
  }

  /** Removes what was staged, unless {@link #apply} began. */
  @Override
  public void close() throws IOException {
    if (journal != null || finished) {
      return;
    }
    try {
      discard();
    } catch (IOException e) {
      throw FileFailure.of("discard staged restore", area.path(), e);
    }
  }

  private void discard() throws IOException {
    area.remove();
    finished = true;
    journal = null;
    if (createdDirectory) {
      Disk.deleteIfEmpty(directory);
    }
  }

  private void enter(Phase next) throws IOException {
    write(next, null);
  }

  private void write(Phase phase, @Nullable String left) throws IOException {
    List<String> put = phase == Phase.APPLIED ? entries.files() : null;
    Journal written = new Journal(phase, names, setAside, left, area.keptBy(), put);
    written.write(area.path());
    journal = written;
  }

  private @Nullable Phase phase() {
    return journal == null ? null : journal.phase();
  }
}
