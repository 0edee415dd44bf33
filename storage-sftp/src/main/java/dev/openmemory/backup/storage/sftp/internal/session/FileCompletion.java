package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.storage.sftp.internal.session.Niceties.Nicety;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
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
      requireForced(channel.await(forced, forcing));
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
        ? channel.send(handle.to(SftpConnection.extended(channel, "fsync")))
        : null;
  }

  private void requireForced(Response answer) throws IOException {
    try {
      answer.ensureStatusPacketIsOK();
      niceties().granted(Nicety.FORCED_FILES);
    } catch (SFTPException e) {
      if (niceties().isFailedForce(e)) {
        throw e;
      }
      niceties().refused(Nicety.FORCED_FILES, e);
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
