package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.DurableFile;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.qdrant.SnapshotIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The private folder of one restore on this host: {@code new/} holds what is to be sent, {@code
 * old/} what was there before, and {@code before.json}, written when {@code old/} is complete, says
 * that servers may have been changed since.
 */
record RestoreFolder(Path work, String name) {

  Path path() {
    return work.resolve(name);
  }

  Path staged() {
    return path().resolve("new");
  }

  Path saved() {
    return path().resolve("old");
  }

  private Path journal() {
    return path().resolve("before.json");
  }

  boolean exists() {
    return Disk.exists(path());
  }

  void create() throws IOException {
    try {
      Files.createDirectories(Objects.requireNonNull(work.getParent()));
      if (!Disk.exists(work)) {
        Disk.createPrivateDirectory(work);
      }
      Disk.createPrivateDirectory(path());
      Disk.createPrivateDirectory(staged());
      Disk.createPrivateDirectory(saved());
      Disk.force(work);
    } catch (IOException e) {
      throw FileFailure.of("stage restore", path(), e);
    }
  }

  /** Fetches and checks everything that is to be sent. */
  void stage(StoredSnapshots stored, Cancellation cancellation) throws IOException {
    requireSpace(stored);
    stored.copyTo(staged(), cancellation);
  }

  private void requireSpace(StoredSnapshots stored) throws IOException {
    long needed = 0;
    for (String file : stored.files().names()) {
      OptionalLong size = stored.files().plainSize(file);
      needed += size.orElse(0);
    }
    long free = Files.getFileStore(path()).getUsableSpace();
    if (free < needed) {
      throw Kind.NO_SPACE.failure(
          "stage restore", path().toString(), "needs " + needed + " bytes and has " + free);
    }
  }

  /** What was staged. */
  SnapshotIndex index() throws IOException {
    return SnapshotIndex.read(Files.readAllBytes(staged().resolve(SnapshotIndex.NAME)));
  }

  /** From here on servers may be changed. */
  void enter(StateBefore before) throws IOException {
    for (Path file : Disk.entries(saved())) {
      Disk.force(file);
    }
    Disk.force(saved());
    DurableFile.write(journal(), before.write());
  }

  /** What was before; empty when nothing has been changed. */
  Optional<StateBefore> before() throws IOException {
    return Disk.exists(journal())
        ? Optional.of(StateBefore.read(Files.readAllBytes(journal()), journal().toString()))
        : Optional.empty();
  }

  /** Moves what was before to where it stays. */
  Optional<Path> keepSaved() throws IOException {
    Path kept = work.resolve("previous").resolve(name);
    if (Disk.exists(saved()) && !Disk.entries(saved()).isEmpty()) {
      Path parent = Objects.requireNonNull(kept.getParent());
      if (!Disk.exists(parent)) {
        Disk.createPrivateDirectory(parent);
      }
      Files.move(saved(), kept, StandardCopyOption.ATOMIC_MOVE);
      Disk.force(parent);
    }
    return Disk.exists(kept) ? Optional.of(kept) : Optional.empty();
  }

  /** Without the journal there is no way back, so what needs none goes first. */
  void remove() throws IOException {
    Disk.deleteTree(staged());
    DurableFile.delete(journal());
    Disk.deleteTree(path());
    if (Disk.exists(work)) {
      Disk.force(work);
      Disk.deleteIfEmpty(work);
    }
  }

  /** Removes what was staged; keeps what a rollback needs. */
  void removeUnlessApplied() throws IOException {
    if (exists() && !Disk.exists(journal())) {
      remove();
    }
  }
}
