package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.storage.sftp.internal.session.Niceties.Nicety;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    return facts(channel().ask(request(PacketType.LSTAT, path)), path);
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
    for (int i = 0; i < asked.size(); i++) {
      found = facts(channel().await(asked.get(i)), paths.get(i));
      boolean last = i == asked.size() - 1;
      if (!last && found.filter(FileFacts::isDirectory).isEmpty()) {
        return Optional.empty();
      }
    }
    return found;
  }

  private Optional<FileFacts> facts(Response answer, String path) throws IOException {
    try {
      answer.ensurePacketTypeIs(PacketType.ATTRS);
    } catch (SFTPException e) {
      if (isMissing(e, RemoteTree.parent(path))) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(FileFacts.read(answer));
  }

  /**
   * Whether it failed because the directory is missing, which some servers answer by a plain
   * failure.
   */
  public boolean isMissing(SFTPException e, String directory) throws IOException {
    return isMissing(e) || (e.getStatusCode() == StatusCode.FAILURE && isAbsent(directory));
  }

  private boolean isAbsent(String path) throws IOException {
    try {
      channel().ask(request(PacketType.STAT, path)).ensurePacketTypeIs(PacketType.ATTRS);
      return false;
    } catch (SFTPException e) {
      String parent = RemoteTree.parent(path);
      return parent.equals(path) ? isMissing(e) : isMissing(e, parent);
    }
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
    return facts(channel().ask(request(PacketType.STAT, path)), path)
        .filter(FileFacts::isDirectory)
        .isPresent();
  }

  /** Whether a directory can be opened there. */
  boolean opens(String path) throws IOException {
    Response answer = channel().ask(request(PacketType.OPENDIR, path));
    if (answer.getType() != PacketType.HANDLE) {
      return false;
    }
    channel().closeHandle(new Handle(answer.readBytes()));
    return true;
  }

  /** Creates a file, for its owner only where the server allows that, and opens it for writing. */
  public Handle create(String path) throws IOException {
    if (!connection.niceties().isAsked(Nicety.PERMISSIONS)) {
      return create(path, false);
    }
    for (boolean again = false; ; again = true) {
      try {
        return create(path, true);
      } catch (SFTPException e) {
        if (isMissing(e, RemoteTree.parent(path)) || isFull(e)) {
          throw e;
        }
        // Some create the file before they refuse.
        channel().ask(request(PacketType.REMOVE, path));
        // Many reasons have one status, and some pass.
        if (again || Niceties.mayRefuseAttributes(e)) {
          return createWithoutMode(path, e);
        }
      }
    }
  }

  private static boolean isFull(SFTPException e) {
    return e.getStatusCode() == StatusCode.NO_SPACE_ON_FILESYSTEM
        || e.getStatusCode() == StatusCode.QUOTA_EXCEEDED;
  }

  private Handle createWithoutMode(String path, SFTPException refusal) throws IOException {
    try {
      Handle handle = create(path, false);
      connection.niceties().refused(Nicety.PERMISSIONS, refusal);
      return handle;
    } catch (SFTPException e) {
      throw refusal;
    }
  }

  private Handle create(String path, boolean mode) throws IOException {
    return open(
        channel(),
        path,
        EnumSet.of(OpenMode.WRITE, OpenMode.CREAT, OpenMode.EXCL),
        permissions(mode, PRIVATE_FILE));
  }

  private static FileAttributes permissions(boolean mode, int permissions) {
    return mode
        ? new FileAttributes.Builder().withPermissions(permissions).build()
        : FileAttributes.EMPTY;
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

  static FileAttributes timeOf(Instant time) {
    return new FileAttributes.Builder()
        .withAtimeMtime(time.getEpochSecond(), time.getEpochSecond())
        .build();
  }

  /** What is there, and must be. */
  FileFacts requireFacts(String path) throws IOException {
    Request look = request(PacketType.LSTAT, path);
    return FileFacts.read(channel().ask(look).ensurePacketTypeIs(PacketType.ATTRS));
  }

  void makeDirectory(String path, boolean mode) throws IOException {
    expectDone(
        request(PacketType.MKDIR, path).putFileAttributes(permissions(mode, PRIVATE_DIRECTORY)));
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

  /** Replaces in one step what has the new name, and tells what has it then. */
  public Optional<FileFacts> replace(String from, String to) throws IOException {
    return change("posix-rename", from, to);
  }

  /** Links, and tells what has the new name then. Fails when it exists. */
  public Optional<FileFacts> link(String from, String to) throws IOException {
    return change("hardlink", from, to);
  }

  /** In one round trip, so that others have no time for changes. */
  private Optional<FileFacts> change(String how, String from, String to) throws IOException {
    Promise<Response, SFTPException> changed = channel().send(extended(how, from, to));
    Promise<Response, SFTPException> looked = channel().send(request(PacketType.LSTAT, to));
    channel().await(changed).ensureStatusPacketIsOK();
    return facts(channel().await(looked), to);
  }

  /**
   * The file system of what has the path, or of the directory in which it will be; empty where the
   * server does not say.
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
          return Optional.empty();
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
