package dev.openmemory.backup.docker.internal.swap;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.swap.PreviousFolders;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;

/**
 * Puts restored data in the place of the present one through an engine, which can neither rename
 * nor exchange in one step. So the present data is first copied to this host, in a private folder
 * {@code <work>/<restoreId>-<part>/}, from which it can be put back after a kill at any point.
 *
 * <p>Not thread-safe. All failures are {@link BackupException}s.
 */
public final class EngineSwap implements Restoration {
  private final EngineData data;
  private final SwapFolder folder;
  private final Path staged;
  private final Cancellation cancellation;

  private EngineSwap(EngineData data, SwapFolder folder, Path staged, Cancellation cancellation) {
    this.data = data;
    this.folder = folder;
    this.staged = staged;
    this.cancellation = cancellation;
  }

  /**
   * Begins one. The caller fills {@link #staged} before it is applied.
   *
   * @param work the folder of this tool in the home
   * @param part tells the swaps of one restore apart, such as {@code vectors}
   */
  public static EngineSwap begin(
      EngineData data, Path work, String restoreId, String part, Cancellation cancellation)
      throws IOException {
    SwapFolder folder = create(work, restoreId, part);
    return new EngineSwap(data, folder, folder.staged(), cancellation);
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
    return new EngineSwap(data, create(work, restoreId, part), kept, cancellation);
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
    return new EngineSwap(data, folder, folder.staged(), new Cancellation());
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
  public void rollback() throws IOException {
    try {
      if (folder.has(SwapFolder.Phase.SAVED)) {
        data.putBack(folder.saved());
      } else if (folder.has(SwapFolder.Phase.NOTHING_BEFORE)) {
        data.remove();
      }
      folder.remove();
    } catch (IOException e) {
      throw Kind.NOT_ROLLED_BACK.failure(
          "roll back restore",
          data.describe(),
          "the state from before is in " + folder.saved() + "; " + FileFailure.fact(e),
          e);
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

  /** The folder of one swap. A phase is an empty file, so that it is there or not. */
  private record SwapFolder(Path work, String name) {
    private static final String SAVED = "old.tar";

    private enum Phase {
      /** The present data is copied; from here on it may be changed. */
      SAVED,
      /** There is no present data; from here on there may be. */
      NOTHING_BEFORE,
      APPLIED
    }

    Path path() {
      return work.resolve(name);
    }

    Path staged() {
      return path().resolve("new.tar");
    }

    Path saved() {
      return path().resolve(SAVED);
    }

    void create() throws IOException {
      if (!Disk.exists(work)) {
        Disk.createPrivateDirectory(work);
      }
      Disk.createPrivateDirectory(path());
      Disk.force(work);
    }

    boolean has(Phase phase) {
      return Disk.exists(path().resolve(phase.name()));
    }

    void enter(Phase phase) throws IOException {
      Disk.createPrivateFile(path().resolve(phase.name())).close();
      Disk.force(path());
    }

    Optional<Path> keepSaved() throws IOException {
      Path kept = work.resolve("previous").resolve(name);
      if (Disk.exists(saved())) {
        Path parent = Objects.requireNonNull(kept.getParent());
        if (!Disk.exists(parent)) {
          Disk.createPrivateDirectory(parent);
        }
        if (!Disk.exists(kept)) {
          Disk.createPrivateDirectory(kept);
        }
        Files.move(saved(), kept.resolve(SAVED), StandardCopyOption.ATOMIC_MOVE);
        Disk.force(kept);
        Disk.force(parent);
      }
      return Disk.exists(kept) ? Optional.of(kept) : Optional.empty();
    }

    /** What goes first is what nobody needs any more; without the phases there is no way back. */
    void remove() throws IOException {
      Files.deleteIfExists(staged());
      for (Phase phase : Phase.values()) {
        Files.deleteIfExists(path().resolve(phase.name()));
      }
      Disk.deleteTree(path());
      if (Disk.exists(work)) {
        Disk.force(work);
      }
    }
  }
}
