package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.ReportsPresence;
import dev.openmemory.backup.spi.ReportsSpace;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.TargetTraits;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Backups in a directory: an object is a file, the segments before its last one are directories.
 *
 * <p>How the duties are met: an object is written under a hidden name beside its place, forced to
 * the disk, and linked (create-only) or renamed (replace) into place, after which the directory is
 * forced. Directories are made as they are needed, the root too where its parent is there, and go
 * with their last object. Files are private to the user (0600, directories 0700). Symbolic links
 * and files with other names than an object's are foreign: never listed, read, followed or removed;
 * only the root itself may be a link. A name and the same name followed by {@code /} cannot both
 * hold objects: the second is {@code UNSUPPORTED} or {@code ALREADY_EXISTS}.
 *
 * <p>Nothing is held between calls. A stream that is open when the target is closed stays usable
 * until its reader closes it.
 */
final class LocalBackupTarget
    implements BackupTarget, SweepsLeftovers, ReportsSpace, ReportsPresence {
  static final int BUFFER_BYTES = 128 * 1024;

  /** Twice the buffer: the JDK has a direct copy of it. */
  private static final TargetTraits TRAITS =
      new TargetTraits(true, true, true, OptionalLong.empty(), 2L * BUFFER_BYTES);

  private final Path root;
  private final String location;
  private final UnreadableFolders unreadable = new UnreadableFolders();
  private volatile boolean closed;

  /** A target in that directory, which need not exist yet. */
  LocalBackupTarget(Path root) {
    this.root = root.toAbsolutePath().normalize();
    String uri = this.root.toUri().toString().replaceFirst("^file:///", "file:/");
    // The JDK appends a slash to directories that exist, and the location is the same each time.
    this.location = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    FileOperation operation = begin("write", name);
    requireParent(operation);
    // Early, for nothing should be read and compressed in vain; publishing decides.
    if (!options.replace() && Files.exists(operation.path(), LinkOption.NOFOLLOW_LINKS)) {
      throw operation.failure(Kind.ALREADY_EXISTS, "exists already");
    }
    try (PartialFile partial = PartialFile.create(operation, root)) {
      content.writeTo(partial.stream());
      return partial.publish(name, options);
    }
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    FileOperation operation = begin("read", name);
    try {
      if (attributes(name).isEmpty()) {
        throw operation.failure(Kind.NOT_FOUND, "does not exist");
      }
      FileChannel channel =
          FileChannel.open(operation.path(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      try {
        long size = channel.size();
        if (offset < 0 || offset > size) {
          throw operation.failure(
              Kind.INVALID, "offset " + offset + " is outside of " + size + " bytes");
        }
        return new LocalInputStream(operation, channel.position(offset));
      } catch (IOException e) {
        Undo.after(e, channel::close);
        throw e;
      }
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    FileOperation operation = begin("stat", name);
    try {
      return attributes(name).map(found -> info(name, found));
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    return DirectoryListing.all(begin("list"), prefix, unreadable);
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix) throws IOException {
    return listFolders(prefix, name -> true);
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix, Predicate<String> fileNames)
      throws IOException {
    return DirectoryListing.folders(begin("list"), prefix, fileNames, unreadable);
  }

  /** Others may remove the directory and make it again; a second look finds the new one. */
  private static void forceDeletion(Path directory) throws IOException {
    try {
      Directories.force(directory);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException first) {
      try {
        Directories.force(directory);
      } catch (IOException e) {
        e.addSuppressed(first);
        throw e;
      }
    }
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    FileOperation operation = begin("delete", name);
    try {
      if (attributes(name).isPresent() && Files.deleteIfExists(operation.path())) {
        Path directory = Objects.requireNonNull(operation.path().getParent());
        forceDeletion(directory);
        Directories.removeEmpty(root, directory);
      }
    } catch (NoSuchFileException e) {
      // Another delete took the directory along.
      return;
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }

  @Override
  public List<String> sweepLeftovers() throws IOException {
    FileOperation operation = begin("sweep");
    try {
      return AbandonedFiles.sweep(operation).stream()
          .map(file -> location + "/" + root.relativize(file))
          .toList();
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }

  /** Of a longer path that is missing it is more likely that a disk is not mounted. */
  private void requireParent(FileOperation operation) throws BackupException {
    if (!isThere() && !canBeMade()) {
      throw operation.failure(
          Kind.NOT_FOUND,
          "the folder " + root.getParent() + " does not exist; is its disk mounted?");
    }
  }

  @Override
  public boolean isThere() {
    return Files.exists(root);
  }

  @Override
  public boolean canBeMade() {
    Path parent = root.getParent();
    return parent == null || Files.isDirectory(parent);
  }

  @Override
  public boolean isMarked() {
    return Files.exists(root.resolve(MARK), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void mark() throws IOException {
    FileOperation operation = begin("mark");
    try {
      Files.createFile(root.resolve(MARK), Directories.mode("rw-------"));
      Directories.force(root);
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }

  @Override
  public long usableBytes() throws IOException {
    FileOperation operation = begin("free space");
    try {
      return Files.getFileStore(Disk.nearestExisting(root)).getUsableSpace();
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }

  @Override
  public TargetTraits traits() {
    return TRAITS;
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public String toString() {
    return location;
  }

  private FileOperation begin(String verb, ObjectName name) throws IOException {
    return begin(new FileOperation(verb, location + "/" + name, root.resolve(name.value())));
  }

  private FileOperation begin(String verb) throws IOException {
    return begin(new FileOperation(verb, location, root));
  }

  private FileOperation begin(FileOperation operation) throws IOException {
    if (closed) {
      throw new IllegalStateException("the target is closed: " + location);
    }
    operation.checkInterrupt();
    return operation;
  }

  /** Goes down segment by segment, so that no name leaves the root through a link. */
  private Optional<BasicFileAttributes> attributes(ObjectName name) throws IOException {
    Path at = root;
    for (Iterator<String> segments = name.segments().iterator(); ; ) {
      at = at.resolve(segments.next());
      Optional<BasicFileAttributes> found = Directories.look(at, LinkOption.NOFOLLOW_LINKS);
      if (!segments.hasNext()) {
        return found.filter(BasicFileAttributes::isRegularFile);
      }
      if (found.filter(BasicFileAttributes::isDirectory).isEmpty()) {
        return Optional.empty();
      }
    }
  }

  static ObjectInfo info(ObjectName name, BasicFileAttributes attributes) {
    return new ObjectInfo(name, attributes.size(), attributes.lastModifiedTime().toInstant());
  }
}
