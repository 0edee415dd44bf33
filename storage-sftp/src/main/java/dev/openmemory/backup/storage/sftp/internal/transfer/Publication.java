package dev.openmemory.backup.storage.sftp.internal.transfer;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.sftp.internal.session.FileFacts;
import dev.openmemory.backup.storage.sftp.internal.session.LinkException;
import dev.openmemory.backup.storage.sftp.internal.session.Niceties;
import dev.openmemory.backup.storage.sftp.internal.session.Niceties.Nicety;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteFiles;
import dev.openmemory.backup.storage.sftp.internal.session.SftpOperation;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * Makes a finished file visible under its name, in one step, and finds out whether that happened
 * when the connection breaks in the middle of it.
 *
 * @param from the file's hidden path, which no longer exists afterwards
 * @param facts the file's size and time
 */
record Publication(SftpOperation operation, Reconnects reconnects, String from, FileFacts facts) {
  /** A time that no other file has. */
  private static final Instant MARK = Instant.ofEpochSecond(1);

  /** T2 and T3. */
  void run(boolean replace) throws BackupException {
    persist(
        operation,
        reconnects,
        (files, again) -> {
          if (replace) {
            move(files, again, true);
          } else if (files.features().hardlink()
              && files.connection().niceties().isAsked(Nicety.LINKS)) {
            link(files, again);
          } else {
            moveToFreeName(files, again);
          }
        });
  }

  /** Something that is done once; {@code again} says that it may have been done already. */
  public interface Step {
    void run(RemoteFiles files, boolean again) throws IOException;
  }

  /** Tries again when the connection breaks. */
  static void persist(SftpOperation operation, Reconnects reconnects, Step step)
      throws BackupException {
    LinkException broken = null;
    while (true) {
      RemoteFiles files = broken == null ? operation.files() : reconnects.after(broken);
      try {
        step.run(files, broken != null);
        return;
      } catch (LinkException e) {
        broken = e;
      } catch (IOException e) {
        throw operation.failure(e);
      } finally {
        files.release();
      }
    }
  }

  /** Of several links to one name a server lets one succeed. */
  private void link(RemoteFiles files, boolean again) throws IOException {
    Optional<FileFacts> linked;
    try {
      linked = files.link(from, operation.path());
    } catch (SFTPException e) {
      if (files.look(operation.path()).isEmpty()) {
        // The file system has no links; then nothing better is left.
        moveToFreeName(files, again);
        return;
      }
      if (!again || !isLinked(files)) {
        throw exists();
      }
      linked = files.look(operation.path());
    }
    Niceties niceties = files.connection().niceties();
    if (linked.isEmpty()) {
      niceties.refused(Nicety.LINKS, "it says that it has made one, and there is none");
      moveToFreeName(files, again);
      return;
    }
    if (!isWhole(linked)) {
      // What such a server has linked is what was there before.
      throw exists();
    }
    niceties.granted(Nicety.LINKS);
    // It is published, so that a name too many is no failure; a sweep finds it.
    remove(files, from);
  }

  private boolean isWhole(Optional<FileFacts> there) {
    return there.filter(found -> found.isFile() && found.size() == facts.size()).isPresent();
  }

  /** What the server has said is no proof. */
  private void requireWhole(Optional<FileFacts> there) throws BackupException {
    if (!isWhole(there)) {
      String found = there.map(f -> "has " + f.size() + " bytes").orElse("is not there");
      throw operation.failure(
          Kind.FAILED,
          "the server says that it has stored " + facts.size() + " bytes, and the file " + found);
    }
  }

  /** After a broken connection: whether the link that is there is ours. */
  private boolean isLinked(RemoteFiles files) throws IOException {
    try {
      files.setTime(from, MARK);
      Optional<FileFacts> there = files.look(operation.path());
      files.setTime(from, facts.modified());
      return there.filter(found -> found.modified().equals(MARK)).isPresent();
    } catch (SFTPException e) {
      // Without times there is no telling.
      return false;
    }
  }

  /** As far as the server does it. */
  private static void remove(RemoteFiles files, String path) {
    try {
      files.remove(path);
    } catch (IOException e) {
      return;
    }
  }

  /** Where a server may replace by a plain rename, a look before is all that helps. */
  private void moveToFreeName(RemoteFiles files, boolean again) throws IOException {
    if (files.look(operation.path()).isPresent() && !(again && files.look(from).isEmpty())) {
      throw exists();
    }
    try {
      move(files, again, false);
    } catch (SFTPException e) {
      throw files.look(operation.path()).isPresent() ? exists() : e;
    }
  }

  private void move(RemoteFiles files, boolean again, boolean replace) throws IOException {
    Optional<FileFacts> there;
    try {
      there = replace ? files.replace(from, operation.path()) : rename(files);
    } catch (SFTPException e) {
      there = again ? files.look(operation.path()) : Optional.empty();
      if (there.isEmpty() || files.look(from).isPresent()) {
        throw e;
      }
    }
    if (isWhole(there) || (replace && isAnothers(there) && files.look(from).isEmpty())) {
      return;
    }
    if (!replace && isOurs(there) && files.look(from).isEmpty()) {
      remove(files, operation.path());
    }
    requireWhole(there);
  }

  private Optional<FileFacts> rename(RemoteFiles files) throws IOException {
    files.rename(from, operation.path());
    return files.look(operation.path());
  }

  /** Another writer has replaced it since: a file that lost bytes would be smaller. */
  private boolean isAnothers(Optional<FileFacts> there) {
    return there
        .filter(found -> found.isFile() && found.size() > facts.size())
        .filter(found -> !found.modified().isBefore(facts.modified()))
        .isPresent();
  }

  /** By its time, as some servers replace by a plain rename what another writer has moved. */
  private boolean isOurs(Optional<FileFacts> there) {
    return there
        .filter(found -> found.isFile() && found.modified().equals(facts.modified()))
        .isPresent();
  }

  private BackupException exists() {
    return operation.failure(Kind.ALREADY_EXISTS, "exists already");
  }
}
