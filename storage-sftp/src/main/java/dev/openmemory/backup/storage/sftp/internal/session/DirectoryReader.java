package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.ObjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/** Reads several directories at once, so that distance costs a few round trips for all of them. */
public final class DirectoryReader {
  /** Fewer than the handles that any server lets a session have. */
  static final int MOST_TOGETHER = 32;

  private static final int MOST_TRIES = 100;

  private final RemoteFiles files;
  private final SftpChannel channel;
  private final RemoteTree tree;
  private final Predicate<String> leavesOut;
  private final List<RemoteTree.Entry> found = new ArrayList<>();

  /** Reads directories that all must be readable. */
  public DirectoryReader(RemoteFiles files, RemoteTree tree) {
    this(files, tree, directory -> false);
  }

  /**
   * Reads directories of the tree.
   *
   * @param leavesOut asked for each that may not be read, whether to continue without it
   */
  DirectoryReader(RemoteFiles files, RemoteTree tree, Predicate<String> leavesOut) {
    this.files = files;
    this.channel = files.channel();
    this.tree = tree;
    this.leavesOut = leavesOut;
  }

  private record Open(String name, Handle handle) {}

  /**
   * What is in the directories, each named by its path below the root; nothing of one that is
   * missing or a link.
   */
  public List<RemoteTree.Entry> read(List<String> directories) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return readOnce(directories);
      } catch (SFTPException e) {
        // To some servers an entry that vanishes meanwhile is a failure of the whole.
        if (!RemoteFiles.isMissing(e) || tries >= MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  private List<RemoteTree.Entry> readOnce(List<String> directories) throws IOException {
    found.clear();
    List<Open> open = open(directories);
    try {
      List<Open> unfinished = open;
      while (!unfinished.isEmpty()) {
        unfinished = readOn(unfinished);
      }
    } finally {
      for (Open one : open) {
        channel.closeHandle(one.handle());
      }
    }
    return List.copyOf(found);
  }

  private List<Open> open(List<String> directories) throws IOException {
    List<Promise<Response, SFTPException>> asked = new ArrayList<>();
    for (String name : directories) {
      asked.add(
          channel.send(
              channel
                  .newRequest(PacketType.OPENDIR)
                  .putString(path(name), StandardCharsets.UTF_8)));
    }
    List<Open> open = new ArrayList<>();
    SFTPException failure = null;
    for (int i = 0; i < asked.size(); i++) {
      try {
        Response answer = channel.await(asked.get(i)).ensurePacketTypeIs(PacketType.HANDLE);
        open.add(new Open(directories.get(i), new Handle(answer.readBytes())));
      } catch (SFTPException e) {
        // Removed meanwhile, or not there yet.
        boolean leftOut = RemoteFiles.isDenied(e) && leavesOut.test(directories.get(i));
        failure = leftOut || files.isMissing(e, path(directories.get(i))) ? failure : e;
      }
    }
    if (failure != null) {
      open.forEach(one -> channel.closeHandle(one.handle()));
      throw failure;
    }
    return open;
  }

  private List<Open> readOn(List<Open> open) throws IOException {
    List<Promise<Response, SFTPException>> asked = new ArrayList<>();
    for (Open one : open) {
      asked.add(channel.send(one.handle().to(channel.newRequest(PacketType.READDIR))));
    }
    List<Open> unfinished = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      Response answer = channel.await(asked.get(i));
      if (answer.getType() == PacketType.STATUS) {
        requireEnd(open.get(i), answer);
      } else {
        take(open.get(i).name(), answer.ensurePacketTypeIs(PacketType.NAME));
        unfinished.add(open.get(i));
      }
    }
    return unfinished;
  }

  /** Some servers open a directory that is not there, and tell only now. */
  private void requireEnd(Open directory, Response answer) throws IOException {
    try {
      answer.ensureStatusIs(StatusCode.EOF);
    } catch (SFTPException e) {
      if (!RemoteFiles.isMissing(e) || files.look(path(directory.name())).isPresent()) {
        throw e;
      }
    }
  }

  private String path(String directory) {
    return directory.isEmpty() ? tree.directory(directory) : tree.path(directory);
  }

  private void take(String directory, Response answer) throws IOException {
    for (long left = answer.readUInt32(); left > 0; left--) {
      String fileName = answer.readString(StandardCharsets.UTF_8);
      answer.readString();
      FileFacts facts = FileFacts.read(answer);
      if (fileName.indexOf('/') < 0
          && (ObjectName.isValid(fileName) || PartialName.parse(fileName).isPresent())) {
        String name = directory.isEmpty() ? fileName : directory + "/" + fileName;
        found.add(new RemoteTree.Entry(name, facts));
      }
    }
  }
}
