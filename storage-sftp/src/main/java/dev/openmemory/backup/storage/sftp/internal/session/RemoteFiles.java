package dev.openmemory.backup.storage.sftp.internal.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.OpenMode;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Request;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/**
 * Files of a server by their paths, over one session of a connection. Failures are sshj's {@link
 * SFTPException} with the status of the server, or a {@link LinkException}.
 */
public record RemoteFiles(SftpConnection connection, SftpChannel channel) {
  private static final int PRIVATE_FILE = 0600;
  private static final int PRIVATE_DIRECTORY = 0700;

  public ServerFeatures features() {
    return connection.features();
  }

  /** Over a session of the connection, until it is given back; none when it has no more. */
  static Optional<RemoteFiles> lease(SftpConnection connection) {
    return connection.borrow().map(channel -> new RemoteFiles(connection, channel));
  }

  public void release() {
    connection.release(channel);
  }

  /** What is there, links not followed. */
  public Optional<FileFacts> look(String path) throws IOException {
    return facts(channel().ask(request(PacketType.LSTAT, path)));
  }

  /**
   * The last of the paths, each of which is an entry of the one before, in one round trip; empty as
   * soon as one is missing or no directory. So no name leads out through a link.
   */
  public Optional<FileFacts> statWithoutLinks(List<String> paths) throws IOException {
    List<Promise<Response, SFTPException>> asked = new ArrayList<>();
    for (String path : paths) {
      asked.add(channel().send(request(PacketType.LSTAT, path)));
    }
    Optional<FileFacts> found = Optional.empty();
    for (Promise<Response, SFTPException> one : asked) {
      found = facts(channel().await(one));
      boolean last = one == asked.get(asked.size() - 1);
      if (!last && found.filter(FileFacts::isDirectory).isEmpty()) {
        return Optional.empty();
      }
    }
    return found;
  }

  private static Optional<FileFacts> facts(Response answer) throws IOException {
    try {
      answer.ensurePacketTypeIs(PacketType.ATTRS);
    } catch (SFTPException e) {
      if (isMissing(e)) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(FileFacts.read(answer));
  }

  public static boolean isMissing(SFTPException e) {
    return e.getStatusCode() == StatusCode.NO_SUCH_FILE
        || e.getStatusCode() == StatusCode.NO_SUCH_PATH;
  }

  static boolean isDenied(SFTPException e) {
    return e.getStatusCode() == StatusCode.PERMISSION_DENIED;
  }

  /** Whether there is a directory, be it at the end of a link. */
  boolean isDirectory(String path) throws IOException {
    return facts(channel().ask(request(PacketType.STAT, path)))
        .filter(FileFacts::isDirectory)
        .isPresent();
  }

  /** Creates a file for its owner only and opens it for writing. */
  public Handle create(String path) throws IOException {
    return open(
        channel(),
        path,
        EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.EXCL),
        new FileAttributes.Builder().withPermissions(PRIVATE_FILE).build());
  }

  public Handle openToWrite(SftpChannel channel, String path) throws IOException {
    return open(channel, path, EnumSet.of(OpenMode.WRITE), FileAttributes.EMPTY);
  }

  public Handle openToRead(String path) throws IOException {
    return open(channel(), path, EnumSet.of(OpenMode.READ), FileAttributes.EMPTY);
  }

  private static Handle open(
      SftpChannel channel, String path, Set<OpenMode> modes, FileAttributes attributes)
      throws IOException {
    Request open =
        channel
            .newRequest(PacketType.OPEN)
            .putString(path, StandardCharsets.UTF_8)
            .putUInt32(OpenMode.toMask(modes))
            .putFileAttributes(attributes);
    return new Handle(channel.ask(open).ensurePacketTypeIs(PacketType.HANDLE).readBytes());
  }

  public FileFacts look(Handle handle) throws IOException {
    return FileFacts.read(channel().ask(facts(handle)).ensurePacketTypeIs(PacketType.ATTRS));
  }

  private Request facts(Handle handle) {
    return handle.to(channel().newRequest(PacketType.FSTAT));
  }

  public void setTime(String path, Instant time) throws IOException {
    expectDone(request(PacketType.SETSTAT, path).putFileAttributes(timeOf(time)));
  }

  private static FileAttributes timeOf(Instant time) {
    return new FileAttributes.Builder()
        .withAtimeMtime(time.getEpochSecond(), time.getEpochSecond())
        .build();
  }

  /**
   * Ends the writing of a file in one round trip: has its bytes on the disk, where the server
   * offers that, sets its time, and closes it. Some file systems find out only then that there is
   * no space.
   *
   * @param timeout for the disk
   */
  public FileFacts forceAndClose(Handle handle, Optional<Instant> modified, Duration timeout)
      throws IOException {
    List<Promise<Response, SFTPException>> done = new ArrayList<>();
    if (features().fsync()) {
      done.add(channel().send(handle.to(SftpConnection.extended(channel(), "fsync"))));
    }
    if (modified.isPresent()) {
      Request setTime = handle.to(channel().newRequest(PacketType.FSETSTAT));
      done.add(channel().send(setTime.putFileAttributes(timeOf(modified.get()))));
    }
    Promise<Response, SFTPException> facts = channel().send(facts(handle));
    Promise<Response, SFTPException> closed =
        channel().send(handle.to(channel().newRequest(PacketType.CLOSE)));
    for (Promise<Response, SFTPException> one : done) {
      channel().await(one, timeout).ensureStatusPacketIsOK();
    }
    FileFacts found = FileFacts.read(channel().await(facts).ensurePacketTypeIs(PacketType.ATTRS));
    channel().await(closed).ensureStatusPacketIsOK();
    return found;
  }

  void makeDirectory(String path) throws IOException {
    expectDone(
        request(PacketType.MKDIR, path)
            .putFileAttributes(
                new FileAttributes.Builder().withPermissions(PRIVATE_DIRECTORY).build()));
  }

  void removeDirectory(String path) throws IOException {
    expectDone(request(PacketType.RMDIR, path));
  }

  public void remove(String path) throws IOException {
    expectDone(request(PacketType.REMOVE, path));
  }

  /** Of what is of no use any more; a server that does not answer soon is given up. */
  public void tidy(String path) throws IOException {
    channel().askWithShortTimeout(request(PacketType.REMOVE, path)).ensureStatusPacketIsOK();
  }

  /** What happens when the new name exists depends on the server. */
  public void rename(String from, String to) throws IOException {
    expectDone(request(PacketType.RENAME, from).putString(to, StandardCharsets.UTF_8));
  }

  /** Replaces in one step what has the new name. */
  public void replace(String from, String to) throws IOException {
    expectDone(extended("posix-rename", from, to));
  }

  /** Fails when the new name exists. */
  public void link(String from, String to) throws IOException {
    expectDone(extended("hardlink", from, to));
  }

  /**
   * The file system of what has the path, or of the directory in which it will be; empty where the
   * server does not offer it.
   */
  public Optional<FileSystemFacts> fileSystem(String path) throws IOException {
    if (!features().statvfs()) {
      return Optional.empty();
    }
    for (String at = path; ; at = RemoteTree.parent(at)) {
      Request ask =
          SftpConnection.extended(channel(), "statvfs").putString(at, StandardCharsets.UTF_8);
      try {
        Response answer = channel().ask(ask).ensurePacketTypeIs(PacketType.EXTENDED_REPLY);
        return Optional.of(FileSystemFacts.read(answer));
      } catch (SFTPException e) {
        if (!isMissing(e) || at.equals(RemoteTree.parent(at))) {
          throw e;
        }
      }
    }
  }

  private void expectDone(Request request) throws IOException {
    channel().ask(request).ensureStatusPacketIsOK();
  }

  private Request request(PacketType type, String path) {
    return channel().newRequest(type).putString(path, StandardCharsets.UTF_8);
  }

  private Request extended(String name, String from, String to) {
    return SftpConnection.extended(channel(), name)
        .putString(from, StandardCharsets.UTF_8)
        .putString(to, StandardCharsets.UTF_8);
  }
}
