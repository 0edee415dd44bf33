package dev.openmemory.backup.storage.sftp.internal.transfer;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.storage.sftp.internal.session.ActivePartials;
import dev.openmemory.backup.storage.sftp.internal.session.DirectoryReader;
import dev.openmemory.backup.storage.sftp.internal.session.Handle;
import dev.openmemory.backup.storage.sftp.internal.session.PartialName;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteFiles;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteTree;
import dev.openmemory.backup.storage.sftp.internal.session.SftpOperation;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * A file being written beside its final place, under a {@link PartialName}: a new one, or one that
 * a write of the same bytes left, taken over.
 *
 * @param path of the file
 * @param files by which it was opened
 * @param handle open to write
 * @param offset up to which it has the right bytes, if the digest turns out to be right
 * @param expected of all bytes, where it is known
 * @param digest of the bytes up to the offset; null when it is not needed
 */
record PartialFile(
    String path,
    RemoteFiles files,
    Handle handle,
    long offset,
    Optional<Digest> expected,
    @Nullable MessageDigest digest) {
  /** A try fails only when another writer succeeds, so this many in a row mean a fault. */
  private static final int CREATE_TRIES = 1000;

  private static final int BUFFER = 64 * 1024;

  /** Begins a file for the object. Its name is {@linkplain ActivePartials active} by then. */
  static PartialFile open(
      SftpOperation operation,
      RemoteFiles files,
      RemoteTree tree,
      ObjectName object,
      PartialName name,
      Optional<Digest> expected)
      throws IOException {
    String path = path(tree, object, name.toString());
    long span = operation.connections().machine().span();
    Optional<RemoteTree.Entry> left = beginning(files, tree, object, expected, span);
    if (left.isPresent() && takeOver(files, tree.path(left.get().name()), path)) {
      long offset = left.get().facts().size() - span;
      MessageDigest digest = readBack(operation, path, offset);
      Handle handle = files.openToWrite(files.channel(), path);
      return new PartialFile(path, files, handle, offset, expected, digest);
    }
    Handle handle = create(operation, files, tree, object, path);
    return new PartialFile(path, files, handle, 0, expected, null);
  }

  /** The path beside the object. */
  static String path(RemoteTree tree, ObjectName object, String fileName) {
    String directory = tree.directory(object.value());
    return directory.endsWith("/") ? directory + fileName : directory + "/" + fileName;
  }

  private static Handle create(
      SftpOperation operation, RemoteFiles files, RemoteTree tree, ObjectName object, String path)
      throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        return files.create(path);
      } catch (SFTPException e) {
        // The directory is not there yet, or a delete has removed it while it was empty.
        if (tries >= CREATE_TRIES || !files.isMissing(e, tree.directory(object.value()))) {
          throw e;
        }
      }
      operation.checkInterrupt();
      makeDirectories(operation, files, tree, object);
    }
  }

  private static void makeDirectories(
      SftpOperation operation, RemoteFiles files, RemoteTree tree, ObjectName object)
      throws IOException {
    try {
      tree.makeDirectories(operation, files, object);
    } catch (SFTPException e) {
      if (!RemoteFiles.isMissing(e)) {
        throw e;
      }
    }
  }

  /** Files that no process writes any more, the longest first; useful only beyond the holes. */
  private static Optional<RemoteTree.Entry> beginning(
      RemoteFiles files, RemoteTree tree, ObjectName object, Optional<Digest> digest, long span)
      throws IOException {
    if (digest.isEmpty() || digest.get().size() <= span) {
      return Optional.empty();
    }
    int slash = object.value().lastIndexOf('/');
    String directory = slash < 0 ? "" : object.value().substring(0, slash);
    return new DirectoryReader(files, tree)
        .read(List.of(directory)).stream()
            .filter(entry -> isBeginning(entry, digest, span))
            .max(Comparator.comparing(entry -> entry.facts().size()));
  }

  private static boolean isBeginning(RemoteTree.Entry entry, Optional<Digest> digest, long span) {
    long size = entry.facts().size();
    return entry.facts().isFile()
        && size > span
        && size <= digest.orElseThrow().size()
        && PartialName.parse(entry.fileName())
            .filter(name -> name.content().equals(digest.map(PartialName::contentOf)))
            .filter(PartialName::isAbandoned)
            .isPresent();
  }

  /** Of several that try, one finds the file. */
  private static boolean takeOver(RemoteFiles files, String from, String to) throws IOException {
    try {
      if (files.features().posixRename()) {
        files.replace(from, to);
      } else {
        files.rename(from, to);
      }
      return true;
    } catch (SFTPException e) {
      return false;
    }
  }

  private static MessageDigest readBack(SftpOperation operation, String path, long length)
      throws IOException {
    MessageDigest digest = Sha256.create();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in =
        operation.begin(
            files -> new SftpInputStream(operation, files, files.openToRead(path), 0, length))) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return digest;
  }

  /** Whether all bytes are there and right; what another run has sent might not be. */
  boolean isAsExpected(long size) {
    if (digest == null) {
      return true;
    }
    Digest whole = expected.orElseThrow();
    return size == whole.size() && Sha256.text(digest).equals(whole.sha256());
  }
}
