package dev.openmemory.backup.internal.sync;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.parallel.Parallel;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.ObservedInputStream;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of a backup on their way to the destination.
 *
 * @param atATime how many of them
 * @param verify whether what is there is read back
 */
record CopiedFiles(
    Run run, BackupTarget destination, SyncTraffic traffic, int atATime, boolean verify) {
  /** Fails when a file is not what the source says that it is. */
  void readOriginals(List<SyncOriginal.File> files) throws IOException {
    inFlight(files, file -> read(run.target(), file));
  }

  void send(List<SyncOriginal.File> files) throws IOException {
    inFlight(files, this::send);
  }

  /** Fails when what was sent is not what arrived. */
  void readBack(List<SyncOriginal.File> files) throws IOException {
    if (verify) {
      inFlight(files, this::receive);
    }
  }

  /**
   * Deletes what an earlier sync has sent wrongly; it may have ended before it checked.
   *
   * @param present names of the files that are at the destination
   * @return those of them that stay
   */
  Set<String> keepSound(List<SyncOriginal.File> files, Set<String> present) throws IOException {
    if (!verify) {
      return present;
    }
    Set<String> sound = ConcurrentHashMap.newKeySet();
    inFlight(
        files.stream().filter(file -> present.contains(file.fileName())).toList(),
        file -> {
          if (isSound(file)) {
            sound.add(file.fileName());
          } else {
            destination.delete(file.name());
          }
        });
    return sound;
  }

  private boolean isSound(SyncOriginal.File file) throws IOException {
    try {
      receive(file);
      return true;
    } catch (BackupException e) {
      if (e.kind() != Kind.CORRUPT) {
        throw e;
      }
      return false;
    }
  }

  private void send(SyncOriginal.File file) throws IOException {
    String subject = file.name().value();
    CopiedContent content = new CopiedContent(run, file, traffic);
    run.tell(new BackupEvent.FileStarted(subject, content.sizeHint()));
    boolean complete = false;
    try {
      destination.write(file.name(), content, options(file));
      complete = true;
    } finally {
      long bytes = complete ? file.digest().size() : 0;
      run.tell(new BackupEvent.FileFinished(subject, bytes, complete));
    }
  }

  private WriteOptions options(SyncOriginal.File file) {
    return destination.traits().modificationTimes()
        ? file.modified()
            .map(WriteOptions.CREATE_ONLY::withModified)
            .orElse(WriteOptions.CREATE_ONLY)
        : WriteOptions.CREATE_ONLY;
  }

  private void receive(SyncOriginal.File file) throws IOException {
    traffic.received(read(destination, file));
  }

  /** Reads to the end, where wrong bytes are found out. */
  private long read(BackupTarget target, SyncOriginal.File file) throws IOException {
    String subject = file.name().value();
    try (InputStream in = CopiedContent.checked(target, file)) {
      run.tell(new BackupEvent.FileStarted(subject, OptionalLong.of(file.digest().size())));
      try (InputStream observed = new ObservedInputStream(in, in, run, subject, bytes -> {})) {
        return observed.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  private void inFlight(List<SyncOriginal.File> files, Parallel.Step<SyncOriginal.File> step)
      throws IOException {
    Parallel.forEach(files, atATime, step);
  }
}
