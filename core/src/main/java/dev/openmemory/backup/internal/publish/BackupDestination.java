package dev.openmemory.backup.internal.publish;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.catalog.BackupRemover;
import dev.openmemory.backup.internal.catalog.RunMarker;
import dev.openmemory.backup.internal.catalog.RunMarker.Work;
import dev.openmemory.backup.internal.catalog.StoredFiles;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.internal.file.CloseAll;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.lock.RunLock;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.ReportsSpace;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A target that one backup goes to: its lock, the claimed name, and what was begun there. */
final class BackupDestination implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(BackupDestination.class);

  private final Run run;
  private final BackupTarget target;
  private Optional<RunLock> lock = Optional.empty();
  private Optional<BackupName> begun = Optional.empty();
  private final StoredFiles stored = new StoredFiles();
  private final List<IOException> afterwards = new ArrayList<>();

  BackupDestination(Run run, BackupTarget target) {
    this.run = run;
    this.target = target;
  }

  BackupTarget target() {
    return target;
  }

  String location() {
    return target.location();
  }

  /** Waits for the lock, then removes what killed runs have left. */
  void prepare(String installationId, Optional<String> home) throws IOException {
    RunLock taken = RunLock.acquire(run, target, installationId, "backup", home);
    lock = Optional.of(taken);
    BackupRemover.sweep(run, target, taken.isKept());
  }

  boolean has(BackupName name) throws IOException {
    return new BackupCatalog(target).isTaken(name);
  }

  BackupException taken(BackupName name) {
    return Kind.ALREADY_EXISTS.failure("backup", location() + "/" + name, "the name is taken");
  }

  /** Refuses what certainly has no room. */
  void requireSpace(long needed) throws IOException {
    Optional<ReportsSpace> space = ForwardingBackupTarget.power(target, ReportsSpace.class);
    if (space.isPresent()) {
      long usable = Boundary.call("free space", location(), space.get()::usableBytes);
      if (usable < needed) {
        throw Kind.NO_SPACE.failure(
            "backup", location(), "needs at least " + needed + " bytes and has " + usable);
      }
    }
  }

  /**
   * Takes the name. The run that has the marker is alone below it, so what is there now was there
   * first: another run may have finished under this name since it was chosen.
   */
  void claim(BackupName name) throws IOException {
    RunMarker marker = new RunMarker(Work.BACKUP, Owner.ofThisProcess(run.clock()));
    if (marker.claim(target, name).size() > 1) {
      target.delete(name.file(RunMarker.FILE_NAME));
      throw taken(name);
    }
    begun = Optional.of(name);
  }

  /** May be called in a thread of its own. */
  ObjectInfo write(ObjectName object, Content content) throws IOException {
    return target.write(object, content, WriteOptions.CREATE_ONLY);
  }

  void requireSize(ObjectInfo written, long expected) throws BackupException {
    if (written.size() != expected) {
      throw Kind.CORRUPT.failure(
          "write",
          location() + "/" + written.name(),
          "the target holds " + written.size() + " bytes of " + expected);
    }
    stored.add(written.name().fileName(), expected);
  }

  /** A look at what was there before must not cost the backup that is nearly made. */
  Optional<Manifest> predecessor(String installationId, Set<String> components) throws IOException {
    try {
      return new BackupCatalog(target, run.keys().signers())
          .newestSound(installationId, components);
    } catch (BackupException e) {
      e.throwIfCancelled();
      LOG.warn("The backup before this one cannot be read, so nothing is compared with it", e);
      return Optional.empty();
    }
  }

  /** Makes the backup visible, and looks whether it is. */
  void finish(BackupName name, SmallContent manifest, Optional<SmallContent> signature)
      throws IOException {
    lock.orElseThrow().requireHeld();
    if (signature.isPresent()) {
      write(name, Manifest.SIGNATURE_FILE_NAME, signature.get());
    }
    write(name, Manifest.FILE_NAME, manifest);
    try {
      stored.requireSeen("backup", target, name);
    } catch (BackupException e) {
      if (e.kind() == Kind.CORRUPT) {
        throw e;
      }
      afterwards.add(
          e.kind().failure("backup", location() + "/" + name, "was not looked at: " + e.fact(), e));
    }
    begun = Optional.empty();
    removeMarker(name);
  }

  private void write(BackupName name, String fileName, SmallContent content) throws IOException {
    requireSize(write(name.file(fileName), content), content.bytes().length);
  }

  /** The backup is complete without it; what stays is removed by the next run. */
  private void removeMarker(BackupName name) {
    ObjectName marker = name.file(RunMarker.FILE_NAME);
    try {
      target.delete(marker);
    } catch (IOException e) {
      if (!(e instanceof BackupException ours) || ours.kind() != Kind.DENIED || !isToldOfDenial()) {
        afterwards.add(e);
      }
    } catch (RuntimeException e) {
      String place = location() + "/" + marker;
      afterwards.add(Kind.FAILED.failure("delete", place, e.toString(), e));
    }
  }

  private boolean isToldOfDenial() {
    return lock.filter(RunLock::isKept).isPresent();
  }

  /** Removes what was begun and not finished. */
  void abandon(Throwable failure) {
    begun.ifPresent(
        name -> Undo.after(failure, () -> new BackupRemover(target, run.clock()).abandon(name)));
    begun = Optional.empty();
  }

  /**
   * Gives the lock back.
   *
   * @throws IOException also when the finished backup could not be looked at, or its marker not
   *     removed
   */
  @Override
  public void close() throws IOException {
    CloseAll.of(List.of(this::reportFirst, this::release));
  }

  private void reportFirst() throws IOException {
    if (!afterwards.isEmpty()) {
      throw afterwards.get(0);
    }
  }

  private void release() throws IOException {
    if (lock.isPresent()) {
      lock.get().release();
    }
  }
}
