package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.storage.sftp.internal.session.Niceties.Nicety;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Request;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * Ends the writing of a file in one round trip: has its bytes on the disk, sets its time, as far as
 * the server does these, looks at it and closes it. Some file systems find out only then that there
 * is no space.
 *
 * @param handle closed, whatever happens
 */
public record FileCompletion(RemoteFiles files, String path, Handle handle) {
  /**
   * Completes the file.
   *
   * @param forcing how long the disk may take
   */
  public FileFacts run(Optional<Instant> modified, Duration forcing) throws IOException {
    SftpChannel channel = files.channel();
    Promise<Response, SFTPException> forced = force(channel);
    Promise<Response, SFTPException> dated = null;
    if (modified.isPresent() && niceties().isAsked(Nicety.TIMES)) {
      dated =
          channel.send(
              handle
                  .to(channel.newRequest(PacketType.FSETSTAT))
                  .putFileAttributes(RemoteFiles.timeOf(modified.get())));
    }
    Promise<Response, SFTPException> facts =
        channel.send(handle.to(channel.newRequest(PacketType.FSTAT)));
    Promise<Response, SFTPException> closed =
        channel.send(handle.to(channel.newRequest(PacketType.CLOSE)));
    if (forced != null) {
      requireForced(channel.await(forced, forcing), forcing);
    }
    boolean undated = dated != null && !isDone(channel.await(dated));
    Response found = channel.await(facts);
    channel.await(closed).ensureStatusPacketIsOK();
    if (undated) {
      setTime(modified.orElseThrow());
    }
    // Some servers know a file only once it is closed.
    return undated || found.getType() != PacketType.ATTRS
        ? files.requireFacts(path)
        : FileFacts.read(found);
  }

  private Niceties niceties() {
    return files.connection().niceties();
  }

  private @Nullable Promise<Response, SFTPException> force(SftpChannel channel) throws IOException {
    return files.features().fsync() && niceties().isAsked(Nicety.FORCED_FILES)
        ? channel.send(force(channel, handle))
        : null;
  }

  private static Request force(SftpChannel channel, Handle open) {
    return open.to(SftpConnection.extended(channel, "fsync"));
  }

  private void requireForced(Response answer, Duration forcing) throws IOException {
    try {
      answer.ensureStatusPacketIsOK();
      niceties().granted(Nicety.FORCED_FILES);
    } catch (SFTPException e) {
      boolean failed =
          niceties().isFailedForce(e)
              || (e.getStatusCode() == StatusCode.FAILURE && forcesEmptyFile(forcing));
      if (failed) {
        throw e;
      }
      niceties().refused(Nicety.FORCED_FILES, e);
    }
  }

  /** What refuses files in general refuses one without bytes; a full or broken disk may not. */
  private boolean forcesEmptyFile(Duration forcing) throws IOException {
    String directory = path.substring(0, path.lastIndexOf('/') + 1);
    PartialName name =
        PartialName.parse(path.substring(directory.length()))
            .map(ours -> PartialName.create(ours.owner(), Optional.empty()))
            .orElseThrow();
    ActivePartials.begin(name);
    try {
      Handle empty = files.create(directory + name);
      boolean forced = isForced(empty, forcing);
      files.channel().closeHandle(empty);
      discard(directory + name);
      return forced;
    } catch (SFTPException e) {
      // There may be no space for it; the failure at hand counts.
      return true;
    } finally {
      ActivePartials.end(name);
    }
  }

  /** Where nothing may be removed, it stays for the sweep of a user that may. */
  private void discard(String empty) throws IOException {
    try {
      files.remove(empty);
    } catch (SFTPException e) {
      return;
    }
  }

  private boolean isForced(Handle empty, Duration forcing) throws IOException {
    SftpChannel channel = files.channel();
    try {
      channel.await(channel.send(force(channel, empty)), forcing).ensureStatusPacketIsOK();
      niceties().granted(Nicety.FORCED_FILES);
      return true;
    } catch (SFTPException e) {
      return niceties().isFailedForce(e);
    }
  }

  private static boolean isDone(Response answer) throws IOException {
    try {
      answer.ensureStatusPacketIsOK();
      return true;
    } catch (SFTPException e) {
      return false;
    }
  }

  /** Servers that refuse it for what is open may do it by the path. */
  private void setTime(Instant modified) throws IOException {
    try {
      files.setTime(path, modified);
    } catch (SFTPException e) {
      niceties().refused(Nicety.TIMES, e);
    }
  }
}
