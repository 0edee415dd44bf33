package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file being written beside its final place, under a hidden name that no object can have.
 *
 * <p>An active writer is known by a lock on its file, and inside this JVM by {@link #isLive}: on
 * POSIX the lock would be lost as soon as any code in this process opened and closed the file.
 */
final class PartialFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartialFile.class);

  private static final Pattern NAME =
      Pattern.compile("\\.openmemory-backup-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.part");

  /** By name and not by path, since one directory may be reached by several paths. */
  private static final Set<String> LIVE = ConcurrentHashMap.newKeySet();

  /** A try fails only when another writer succeeds, so this many in a row mean a fault. */
  private static final int CREATE_TRIES = 1000;

  private final FileOperation operation;
  private final Path root;
  private final Path file;
  private final FileChannel channel;
  private final OutputStream stream;
  private @Nullable BackupException broken;

  private PartialFile(FileOperation operation, Path root, Path file, FileChannel channel) {
    this.operation = operation;
    this.root = root;
    this.file = file;
    this.channel = channel;
    this.stream = new BufferedOutputStream(new ToChannel(), LocalBackupTarget.BUFFER_BYTES);
  }

  static boolean isName(String fileName) {
    return NAME.matcher(fileName).matches();
  }

  /** Whether this JVM is writing the file of that name. */
  static boolean isLive(String fileName) {
    return LIVE.contains(fileName);
  }

  /** Begins a file for the operation's path, with its directories. */
  static PartialFile create(FileOperation operation, Path root) throws BackupException {
    try {
      for (int tries = 1; ; tries++) {
        try {
          Optional<PartialFile> created = tryCreate(operation, root);
          if (created.isPresent()) {
            return created.get();
          }
        } catch (NoSuchFileException e) {
          // A delete has removed the directory, which was still empty.
          if (tries >= CREATE_TRIES) {
            throw e;
          }
        }
        operation.checkInterrupt();
      }
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }

  private static Optional<PartialFile> tryCreate(FileOperation operation, Path root)
      throws IOException {
    Path directory = Objects.requireNonNull(operation.path().getParent());
    Directories.create(root, directory);
    Path file = directory.resolve(".openmemory-backup-" + UUID.randomUUID() + ".part");
    LIVE.add(file.getFileName().toString());
    PartialFile partial = null;
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              Directories.mode("rw-------"));
      partial = new PartialFile(operation, root, file, channel);
      AbandonedFiles.tryLock(channel);
      // A sweep of another process may have come between the creation and the lock.
      if (Files.exists(file)) {
        return Optional.of(partial);
      }
    } catch (IOException | RuntimeException e) {
      discard(partial, file);
      throw e;
    }
    discard(partial, file);
    return Optional.empty();
  }

  private static void discard(@Nullable PartialFile partial, Path file) {
    if (partial == null) {
      LIVE.remove(Objects.requireNonNull(file.getFileName()).toString());
    } else {
      partial.close();
    }
  }

  /** Where the content goes. Closing it does nothing. */
  OutputStream stream() {
    return stream;
  }

  /** Makes the bytes durable and then visible, in one step, and looks at what is there then. */
  ObjectInfo publish(ObjectName name, WriteOptions options) throws BackupException {
    try {
      stream.flush();
      if (broken != null) {
        throw broken;
      }
      boolean dated = options.modified().isEmpty() || date(file, options.modified().get());
      channel.force(true);
      BasicFileAttributes sent = Files.readAttributes(file, BasicFileAttributes.class);
      if (options.replace()) {
        move();
      } else {
        publishNew();
      }
      try {
        complete();
        if (!dated && !date(operation.path(), options.modified().get())) {
          LOG.debug("the time of {} cannot be set", operation.path());
        }
        return new ObjectInfo(
            name, sent.size(), seen(sent, options).lastModifiedTime().toInstant());
      } catch (IOException e) {
        // T1; a replaced object is beyond recall, but then its name was durable before.
        if (!options.replace() && there().filter(found -> isSame(found, sent)).isPresent()) {
          Files.deleteIfExists(operation.path());
        }
        throw e;
      }
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }

  /** False where the file system dates no open file, or none at all. */
  private static boolean date(Path path, Instant modified) {
    try {
      Files.setLastModifiedTime(path, FileTime.from(modified));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** T2: of several links to one name the file system lets exactly one succeed. */
  private void publishNew() throws IOException {
    try {
      Files.createLink(operation.path(), file);
    } catch (FileAlreadyExistsException e) {
      // A network share may repeat a call that it has carried out.
      if (!Files.isSameFile(operation.path(), file)) {
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      LockedMove.moveNew(root, operation.path(), this::move);
    }
  }

  private void move() throws IOException {
    try {
      Files.move(file, operation.path(), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      // Some shares move no open file.
      channel.close();
      Files.move(file, operation.path(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Some file systems send the last bytes when the file is closed, and fail only then. */
  private void complete() throws IOException {
    channel.close();
    Directories.force(Objects.requireNonNull(operation.path().getParent()));
  }

  private BasicFileAttributes seen(BasicFileAttributes sent, WriteOptions options)
      throws IOException {
    Optional<BasicFileAttributes> found = there();
    boolean whole = found.filter(there -> there.size() == sent.size()).isPresent();
    // Another writer may have replaced it since.
    boolean newer = options.replace() && found.filter(there -> !isSame(there, sent)).isPresent();
    if (whole || newer) {
      return found.get();
    }
    throw operation.failure(
        Kind.FAILED,
        "the file system accepted "
            + sent.size()
            + " bytes without an error, but "
            + found.map(there -> there.size() + " bytes are there").orElse("no file is there"));
  }

  private Optional<BasicFileAttributes> there() throws IOException {
    return Directories.look(operation.path(), LinkOption.NOFOLLOW_LINKS);
  }

  /** Rather than another writer's file; systems that have no keys have locks. */
  private static boolean isSame(BasicFileAttributes found, BasicFileAttributes sent) {
    return Objects.equals(found.fileKey(), sent.fileKey());
  }

  /** Removes the hidden file, and its directories where nothing else is in them. */
  @Override
  public void close() {
    try {
      // First, for some shares remove no open file.
      close(channel, file);
      Files.deleteIfExists(file);
      Directories.removeEmpty(root, Objects.requireNonNull(file.getParent()));
    } catch (IOException e) {
      // What was published stays published, and the next sweep finds what is left.
      return;
    } finally {
      LIVE.remove(Objects.requireNonNull(file.getFileName()).toString());
    }
  }

  /** Without a failure, of a file that is to be removed: "rclone mount" has one at each. */
  static void close(FileChannel channel, Path file) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing {} failed", file, e);
    }
  }

  /** T10: what goes wrong here is the target's failure, although the content is what throws it. */
  private final class ToChannel extends BlockOutputStream {
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      try {
        int end = offset + length;
        for (int at = offset; at < end; ) {
          // T9: the JDK copies through a direct buffer as large as the request.
          int most = Math.min(end - at, LocalBackupTarget.BUFFER_BYTES);
          at += channel.write(ByteBuffer.wrap(bytes, at, most));
        }
      } catch (IOException e) {
        broken = operation.failure(e);
        throw broken;
      }
    }
  }
}
