package dev.openmemory.backup.docker.internal.swap;

import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of one swap. A phase is an empty file, so that it is there or not. */
record SwapFolder(Path work, String name) {
  static final String SAVED = "old.tar";
  private static final Logger LOG = LoggerFactory.getLogger(SwapFolder.class);

  enum Phase {
    /** The present data is copied; from here on it may be changed. */
    SAVED,
    /** There is no present data; from here on there may be. */
    NOTHING_BEFORE,
    APPLIED,
    /** The data from before is being put back; from here on it may be there in part. */
    RETURNING
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

  /** What was found among the restored data and is not of it, when this is rolled back later. */
  Path changes() {
    return path().resolve("changes.tar");
  }

  /** What a rollback that failed has left; an empty text when that is unknown. */
  Optional<String> left() throws IOException {
    return Disk.exists(leftFile()) ? Optional.of(Files.readString(leftFile())) : Optional.empty();
  }

  void recordLeft(Optional<String> fingerprint) throws IOException {
    DurableFile.write(leftFile(), fingerprint.orElse("").getBytes(StandardCharsets.UTF_8));
  }

  private Path leftFile() {
    return path().resolve("LEFT");
  }

  /** The copy that is put back where nothing is staged; a later process has to know it. */
  Optional<Path> kept() throws IOException {
    return Disk.exists(keptFile())
        ? Optional.of(Path.of(Files.readString(keptFile())))
        : Optional.empty();
  }

  void recordKept(Path kept) throws IOException {
    DurableFile.write(keptFile(), kept.toString().getBytes(StandardCharsets.UTF_8));
  }

  private Path keptFile() {
    return path().resolve("KEPT");
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

  /** Does without it when the home is full. */
  void tryToEnter(Phase phase) {
    if (!has(phase)) {
      try {
        enter(phase);
      } catch (IOException e) {
        LOG.debug("{} of {} cannot be recorded", phase, path(), e);
      }
    }
  }

  Optional<Path> keepSaved() throws IOException {
    return keep(saved());
  }

  Optional<Path> keepChanges() throws IOException {
    return keep(changes());
  }

  private Optional<Path> keep(Path tar) throws IOException {
    Path kept = work.resolve("previous").resolve(name);
    if (Disk.exists(tar)) {
      Path parent = Objects.requireNonNull(kept.getParent());
      if (!Disk.exists(parent)) {
        Disk.createPrivateDirectory(parent);
      }
      if (!Disk.exists(kept)) {
        Disk.createPrivateDirectory(kept);
      }
      Files.move(tar, kept.resolve(tar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
      Disk.force(kept);
      Disk.force(parent);
    }
    return Disk.exists(kept) ? Optional.of(kept) : Optional.empty();
  }

  /** First what is no longer needed is removed; without the phases there is no way back. */
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
