package dev.openmemory.backup.docker.internal.swap;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.TarContents;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.swap.PreviousFolders;
import dev.openmemory.backup.internal.swap.RespectsRepair;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts restored data in the place of the present one through an engine, which can neither rename
 * nor exchange in one step. So the present data is first copied to this host, in a private folder
 * {@code <work>/<restoreId>-<part>/}, from which it can be put back after a kill at any point.
 *
 * <p>Not thread-safe. All failures are {@link BackupException}s.
 */
public final class EngineSwap implements Restoration, RespectsRepair {
  private static final Logger LOG = LoggerFactory.getLogger(EngineSwap.class);

  private final EngineData data;
  private final SwapFolder folder;
  private final PutData put;
  private final Path staged;
  private final Cancellation cancellation;

  /** Whether a person may have repaired the data since it was exchanged. */
  private boolean maybeRepaired;

  private Optional<Path> changesKept = Optional.empty();

  private EngineSwap(
      EngineData data,
      SwapFolder folder,
      Path staged,
      Cancellation cancellation,
      boolean maybeRepaired) {
    this.data = data;
    this.folder = folder;
    this.put = new PutData(data, folder);
    this.staged = staged;
    this.cancellation = cancellation;
    this.maybeRepaired = maybeRepaired;
  }

  /**
   * Begins one. The caller fills {@link #staged} before it is applied.
   *
   * @param work the folder of this tool in the home
   * @param part distinguishes the swaps of one restore, such as {@code vectors}
   */
  public static EngineSwap begin(
      EngineData data, Path work, String restoreId, String part, Cancellation cancellation)
      throws IOException {
    SwapFolder folder = create(work, restoreId, part);
    return new EngineSwap(data, folder, folder.staged(), cancellation, false);
  }

  /**
   * Begins one that puts back the copy that an earlier restore has kept. The copy stays.
   *
   * @param kept that copy; see {@link #kept}
   */
  public static EngineSwap beginKept(
      EngineData data,
      Path work,
      String restoreId,
      String part,
      Path kept,
      Cancellation cancellation)
      throws IOException {
    SwapFolder folder = create(work, restoreId, part);
    try {
      folder.recordKept(kept);
    } catch (IOException e) {
      throw FileFailure.of("stage restore", folder.path(), e);
    }
    return new EngineSwap(data, folder, kept, cancellation, false);
  }

  private static SwapFolder create(Path work, String restoreId, String part) throws IOException {
    SwapFolder folder = new SwapFolder(work, restoreId + "-" + part);
    try {
      folder.create();
      return folder;
    } catch (IOException e) {
      throw FileFailure.of("stage restore", folder.path(), e);
    }
  }

  /** The copy that the restore of that id has kept of the data that it replaced. */
  public static Optional<Path> kept(Path work, String restoreId, String part) {
    return new PreviousFolders(work)
        .find(restoreId, part)
        .map(folder -> folder.resolve(SwapFolder.SAVED))
        .filter(Files::isRegularFile);
  }

  /** Whether an earlier process left one of that name. */
  public static boolean isLeft(Path work, String restoreId, String part) {
    return Disk.exists(new SwapFolder(work, restoreId + "-" + part).path());
  }

  /** The one that an earlier process left; see {@link #isLeft}. */
  public static EngineSwap resume(EngineData data, Path work, String restoreId, String part) {
    SwapFolder folder = new SwapFolder(work, restoreId + "-" + part);
    return new EngineSwap(data, folder, folder.staged(), new Cancellation(), true);
  }

  /** The file that takes the tar of the restored data. */
  public Path staged() {
    return staged;
  }

  @Override
  public void apply() throws IOException {
    data.requireReleased();
    try {
      if (data.save(folder.saved(), cancellation)) {
        Disk.force(folder.saved());
        folder.enter(SwapFolder.Phase.SAVED);
      } else {
        folder.enter(SwapFolder.Phase.NOTHING_BEFORE);
      }
      data.put(staged);
      folder.enter(SwapFolder.Phase.APPLIED);
    } catch (IOException e) {
      throw FileFailure.of("apply restore", folder.path(), e);
    }
  }

  @Override
  public void confirm(Facts stated, Cancellation current) throws IOException {
    data.confirm(stated, current);
  }

  @Override
  public Optional<Path> commit(boolean discardPrevious) throws IOException {
    try {
      Optional<Path> kept = discardPrevious ? Optional.empty() : folder.keepSaved();
      folder.remove();
      return kept;
    } catch (IOException e) {
      throw FileFailure.of("commit restore", folder.path(), e);
    }
  }

  @Override
  public void replaceRepair() {
    maybeRepaired = false;
  }

  @Override
  public Optional<Path> changesKept() {
    return changesKept;
  }

  @Override
  public void requireUnrepaired() throws IOException {
    try {
      if (maybeRepaired && isBegun()) {
        Optional<TarContents> present = present();
        if (present.filter(put.before()::equals).isEmpty()) {
          put.requireOwn(present);
        }
      }
    } catch (IOException e) {
      throw notRolledBack(e);
    }
  }

  @Override
  public void rollback() throws IOException {
    try {
      if (isBegun()) {
        undo();
      }
      changesKept = folder.keepChanges();
      folder.remove();
    } catch (IOException e) {
      throw notRolledBack(e);
    }
  }

  private BackupException notRolledBack(IOException e) {
    String before =
        folder.has(SwapFolder.Phase.NOTHING_BEFORE)
            ? "there was nothing before"
            : "the state from before is in " + folder.saved();
    return RespectsRepair.failure(data.describe(), before, e);
  }

  private boolean isBegun() {
    return folder.has(SwapFolder.Phase.SAVED) || folder.has(SwapFolder.Phase.NOTHING_BEFORE);
  }

  private void undo() throws IOException {
    TarContents before = put.before();
    // Data that this process has exchanged whole is another; reading it would take long.
    boolean exchanged = !maybeRepaired && folder.has(SwapFolder.Phase.APPLIED);
    Optional<TarContents> present = exchanged ? Optional.empty() : present();
    boolean done = present.filter(before::equals).isPresent();
    if (!done && maybeRepaired) {
      put.requireOwn(present);
      if (present.isPresent()) {
        put.saveChanges(present.get(), cancellation);
      }
    }
    try {
      if (folder.has(SwapFolder.Phase.NOTHING_BEFORE)) {
        data.remove();
      } else if (!done) {
        folder.tryToEnter(SwapFolder.Phase.RETURNING);
        data.putBack(folder.saved());
        requirePutBack(before);
      }
    } catch (IOException e) {
      Undo.after(e, () -> folder.recordLeft(present().map(TarContents::fingerprint)));
      throw e;
    }
  }

  /** Empty when the engine does not show it. */
  private Optional<TarContents> present() throws IOException {
    try {
      return Optional.of(data.present());
    } catch (BackupException e) {
      e.throwIfCancelled();
      LOG.debug("The present data of {} cannot be read", data.describe(), e);
      return Optional.empty();
    }
  }

  /** The engine answers with success before it has done the work; what is there now counts. */
  private void requirePutBack(TarContents before) throws IOException {
    if (!data.present().equals(before)) {
      throw Kind.CORRUPT.failure(
          "roll back restore",
          data.describe(),
          "the data that was written back is not what the engine holds now");
    }
  }

  @Override
  public void close() throws IOException {
    try (data) {
      if (!folder.has(SwapFolder.Phase.SAVED) && !folder.has(SwapFolder.Phase.NOTHING_BEFORE)) {
        folder.remove();
      }
    }
  }
}
