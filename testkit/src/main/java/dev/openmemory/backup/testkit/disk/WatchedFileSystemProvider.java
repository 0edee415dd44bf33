package dev.openmemory.backup.testkit.disk;

import static dev.openmemory.backup.testkit.disk.WatchedPath.real;

import dev.openmemory.backup.testkit.disk.WatchedDisk.Ability;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Passes everything on to the default file system, and lets the {@link WatchedDisk} know that holds
 * it. Found by the JDK, so that a path can be had of a text that begins with {@code watched:///}.
 */
public final class WatchedFileSystemProvider extends FileSystemProvider {
  static final String SCHEME = "watched";
  static final WatchedFileSystemProvider INSTANCE = new WatchedFileSystemProvider();

  private static final String IDENTITY = "unix:dev,ino";
  private static final String CHANGED = "ctime";
  private static final FileSystemProvider REAL = FileSystems.getDefault().provider();

  /** For the JDK. */
  public WatchedFileSystemProvider() {}

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return WatchedFileSystem.INSTANCE;
  }

  @Override
  public Path getPath(URI uri) {
    return WatchedPath.of(REAL.getPath(URI.create("file:" + uri.getRawSchemeSpecificPart())));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path file = real(path);
    Optional<WatchedDisk> disk = WatchedDisk.holding(file);
    boolean changes =
        options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
    if (disk.isEmpty()) {
      return REAL.newFileChannel(file, options, attributes);
    }
    return changes
        ? disk.get().change(() -> open(disk.get(), file, options, attributes))
        : open(disk.get(), file, options, attributes);
  }

  private static FileChannel open(
      WatchedDisk disk,
      Path file,
      Set<? extends OpenOption> options,
      FileAttribute<?>... attributes)
      throws IOException {
    boolean isNew = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (isNew && options.contains(StandardOpenOption.WRITE)) {
      disk.requireRoom();
    }
    FileChannel channel = REAL.newFileChannel(file, options, attributes);
    if (isNew) {
      disk.created(file);
    }
    return new WatchedChannel(disk, disk.node(file), file, channel);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    DirectoryStream<Path> stream =
        REAL.newDirectoryStream(real(path), entry -> filter.accept(WatchedPath.of(entry)));
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        Iterator<Path> entries = stream.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return entries.hasNext();
          }

          @Override
          public Path next() {
            return WatchedPath.of(entries.next());
          }
        };
      }

      @Override
      public void close() throws IOException {
        stream.close();
      }
    };
  }

  /** A change of the real files, and the record of it on the disk afterwards. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  @FunctionalInterface
  private interface Note {
    void take(WatchedDisk disk) throws IOException;
  }

  private static void change(Path file, Step step, Note note) throws IOException {
    Optional<WatchedDisk> disk = WatchedDisk.holding(file);
    if (disk.isEmpty()) {
      step.run();
      return;
    }
    Object unused =
        disk.get()
            .change(
                () -> {
                  step.run();
                  note.take(disk.get());
                  return file;
                });
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    Path directory = real(path);
    change(
        directory,
        () -> {
          WatchedDisk.requireRoom(directory);
          REAL.createDirectory(directory, attributes);
        },
        disk -> disk.created(directory));
  }

  @Override
  public void createSymbolicLink(Path path, Path target, FileAttribute<?>... attributes)
      throws IOException {
    Path link = real(path);
    change(
        link,
        () -> REAL.createSymbolicLink(link, real(target), attributes),
        disk -> disk.created(link));
  }

  @Override
  public void createLink(Path path, Path existing) throws IOException {
    Path link = real(path);
    WatchedDisk.require(link, Ability.HARD_LINKS);
    change(
        link,
        () -> REAL.createLink(link, real(existing)),
        disk -> disk.placed(link, disk.node(real(existing))));
  }

  @Override
  public void delete(Path path) throws IOException {
    change(real(path), () -> REAL.delete(real(path)), disk -> disk.removed(real(path)));
  }

  @Override
  public void copy(Path from, Path to, CopyOption... options) throws IOException {
    change(
        real(to), () -> REAL.copy(real(from), real(to), options), disk -> disk.created(real(to)));
  }

  @Override
  public void move(Path from, Path to, CopyOption... options) throws IOException {
    WatchedDisk.require(real(from), Ability.MOVES_OF_OPEN_FILES);
    change(
        real(from),
        () -> REAL.move(real(from), real(to), options),
        disk -> disk.moved(real(from), real(to)));
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    return WatchedPath.of(REAL.readSymbolicLink(real(link)));
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return REAL.isSameFile(real(path), real(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return REAL.isHidden(real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return REAL.getFileStore(real(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    REAL.checkAccess(real(path), modes);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    V view = REAL.getFileAttributeView(real(path), type, options);
    return type == BasicFileAttributeView.class
        ? type.cast(new Dated(real(path), (BasicFileAttributeView) view))
        : view;
  }

  private record Dated(Path path, BasicFileAttributeView view) implements BasicFileAttributeView {
    @Override
    public String name() {
      return view.name();
    }

    @Override
    public BasicFileAttributes readAttributes() throws IOException {
      return view.readAttributes();
    }

    @Override
    public void setTimes(FileTime modified, FileTime accessed, FileTime created)
        throws IOException {
      WatchedDisk.require(path, Ability.MODIFICATION_TIMES);
      view.setTimes(modified, accessed, created);
    }
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return REAL.readAttributes(real(path), type, options);
  }

  /**
   * A file that a state has put back is the same file to a command that compares it. No other
   * process has a file of the disk open: without its identity no command looks for one in all
   * processes of the host, which would take most of a test's time.
   */
  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    boolean watched = WatchedDisk.holding(real(path)).isPresent();
    if (watched && attributes.equals(IDENTITY) && Files.isRegularFile(real(path))) {
      throw new UnsupportedOperationException(attributes);
    }
    Map<String, Object> read = new HashMap<>(REAL.readAttributes(real(path), attributes, options));
    if (watched) {
      read.computeIfPresent(CHANGED, (name, time) -> FileTime.fromMillis(0));
    }
    return read;
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    REAL.setAttribute(real(path), attribute, value, options);
  }
}
