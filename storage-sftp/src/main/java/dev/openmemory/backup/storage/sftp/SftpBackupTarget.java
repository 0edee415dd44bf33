package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.ReportsSpace;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.TargetTraits;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.spi.optional.ReportsAccess;
import dev.openmemory.backup.storage.sftp.internal.session.FileSystemFacts;
import dev.openmemory.backup.storage.sftp.internal.session.Handle;
import dev.openmemory.backup.storage.sftp.internal.session.Machine;
import dev.openmemory.backup.storage.sftp.internal.session.PartialName;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteFiles;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteTree;
import dev.openmemory.backup.storage.sftp.internal.session.ServerFeatures;
import dev.openmemory.backup.storage.sftp.internal.session.SftpConnections;
import dev.openmemory.backup.storage.sftp.internal.session.SftpOperation;
import dev.openmemory.backup.storage.sftp.internal.session.SshConnector;
import dev.openmemory.backup.storage.sftp.internal.settings.SftpOptions;
import dev.openmemory.backup.storage.sftp.internal.transfer.AbandonedPartials;
import dev.openmemory.backup.storage.sftp.internal.transfer.ObjectWrite;
import dev.openmemory.backup.storage.sftp.internal.transfer.SftpInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * Backups in a directory of a host that runs sshd: an object is a file, the segments before its
 * last one are directories.
 *
 * <p>How the duties are met: an object is written under a hidden name beside its place, forced to
 * the disk where the server offers that, and linked (create-only) or renamed (replace) into place.
 * Where the server has no links, create-only is a look before a rename, and where it has no
 * posix-rename, replacing is {@code UNSUPPORTED}; the traits say so. Directories are made as they
 * are needed, the root too, and go with their last object. Files are private to the user (0600,
 * directories 0700). Symbolic links and files with other names than an object's are foreign: never
 * listed, read, followed or removed; only the root itself may be reached through links.
 *
 * <p>A write survives a broken connection. What it leaves when it does not is hidden, and removed
 * by a sweep or, of a content with a digest, continued by the next write of the same bytes.
 *
 * <p>Each call has a session of its own, over one connection as far as the server allows, made by
 * the first call and again when it has broken. The library's threads last as long as a connection
 * does, and one more, which watches over time-outs and interrupts, until the target is closed.
 * Closing ends the streams that are open.
 */
final class SftpBackupTarget implements BackupTarget, SweepsLeftovers, ReportsSpace, ReportsAccess {
  /** The library reads no later times, and older servers neither. */
  private static final Instant LAST_TIME = Instant.ofEpochSecond(Integer.MAX_VALUE);

  private final String location;
  private final String root;
  private final RemoteTree tree;
  private final SftpConnections connections;
  private final int parallelism;
  private final Machine machine;
  private volatile @Nullable TargetTraits traits;

  /**
   * A target that connects with the first call and owns the watch.
   *
   * @param location for people
   * @param root on the server
   */
  SftpBackupTarget(
      String location,
      String root,
      SshConnector connector,
      CallWatch watch,
      SftpOptions options,
      Machine machine) {
    this.location = location;
    this.root = root;
    this.tree = new RemoteTree(root);
    this.connections = new SftpConnections(connector, watch, options.timeout(), machine);
    this.parallelism = options.parallelism();
    this.machine = machine;
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions how) throws IOException {
    SftpOperation operation = begin("write", name);
    Optional<Instant> time = how.modified();
    if (time.isPresent() && (time.get().isBefore(Instant.EPOCH) || time.get().isAfter(LAST_TIME))) {
      throw operation.failure(Kind.UNSUPPORTED, "the protocol has no such time: " + time.get());
    }
    // No run continues what is shorter: its holes may be anywhere.
    PartialName partial =
        PartialName.create(
            machine.owner(), content.digest().filter(digest -> digest.size() > machine.span()));
    try (ObjectWrite write = new ObjectWrite(operation, tree, name, how, parallelism, partial)) {
      return write.run(content);
    }
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    SftpOperation operation = begin("read", name);
    return operation.begin(files -> open(operation, files, name, offset));
  }

  private InputStream open(SftpOperation operation, RemoteFiles files, ObjectName name, long offset)
      throws IOException {
    if (tree.look(files, name).isEmpty()) {
      throw operation.failure(Kind.NOT_FOUND, "does not exist");
    }
    Handle handle = files.openToRead(operation.path());
    boolean opened = false;
    try {
      long size = files.look(handle).size();
      if (offset < 0 || offset > size) {
        throw operation.failure(
            Kind.INVALID, "offset " + offset + " is outside of " + size + " bytes");
      }
      opened = true;
      return new SftpInputStream(operation, files, handle, offset, size);
    } finally {
      if (!opened) {
        files.channel().closeHandle(handle);
      }
    }
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    return begin("stat", name)
        .ask(files -> tree.look(files, name))
        .map(facts -> new ObjectInfo(name, facts.size(), facts.modified()));
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    return list(prefix, Integer.MAX_VALUE);
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix) throws IOException {
    return list(prefix, RemoteTree.FOLDERS).stream()
        .filter(o -> o.name().segments().size() == RemoteTree.FOLDERS)
        .toList();
  }

  private List<ObjectInfo> list(String prefix, int levels) throws IOException {
    SftpOperation operation = begin("list");
    return operation.ask(files -> tree.entries(operation, files, prefix, levels)).stream()
        .filter(e -> e.facts().isFile() && e.name().startsWith(prefix))
        .filter(e -> ObjectName.isValid(e.name()))
        .map(e -> new ObjectInfo(new ObjectName(e.name()), e.facts().size(), e.facts().modified()))
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .toList();
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    SftpOperation operation = begin("delete", name);
    operation.ask(
        files -> {
          if (tree.look(files, name).isPresent()) {
            remove(files, name, operation.path());
          }
          return name;
        });
  }

  private void remove(RemoteFiles files, ObjectName name, String path) throws IOException {
    try {
      files.remove(path);
    } catch (SFTPException e) {
      // Another delete may have been faster.
      if (!RemoteFiles.isMissing(e)) {
        throw e;
      }
    }
    tree.removeEmpty(files, name.value());
  }

  @Override
  public List<String> sweepLeftovers() throws IOException {
    SftpOperation operation = begin("sweep");
    return operation
        .ask(files -> AbandonedPartials.sweep(operation, files, tree, machine.now()))
        .stream()
        .map(name -> location + "/" + name)
        .toList();
  }

  @Override
  public String access() {
    return connections.access();
  }

  /** The most there may be if the server does not say. */
  @Override
  public long usableBytes() throws IOException {
    return begin("free space")
        .ask(files -> files.fileSystem(root))
        .map(FileSystemFacts::usableBytes)
        .orElse(Long.MAX_VALUE);
  }

  /**
   * The facts, which depend on the server. When it cannot be asked now, its extensions count as
   * missing.
   */
  @Override
  public TargetTraits traits() {
    TargetTraits known = traits;
    if (known == null) {
      known = ask();
      traits = known;
    }
    return known;
  }

  private TargetTraits ask() {
    try {
      ServerFeatures features = begin("traits").ask(RemoteFiles::features);
      return traits(features.posixRename(), features.hardlink());
    } catch (BackupException | IllegalStateException e) {
      return traits(false, false);
    }
  }

  private TargetTraits traits(boolean replace, boolean exclusive) {
    // With sshj's copy of what is under way.
    return new TargetTraits(replace, exclusive, true, OptionalLong.empty(), 2 * machine.span());
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public void close() {
    connections.close();
  }

  @Override
  public String toString() {
    return "SftpBackupTarget(" + location + ")";
  }

  private SftpOperation begin(String verb, ObjectName name) throws BackupException {
    return begin(verb, location + "/" + name, tree.path(name.value()));
  }

  private SftpOperation begin(String verb) throws BackupException {
    return begin(verb, location, root);
  }

  private SftpOperation begin(String verb, String where, String path) throws BackupException {
    if (connections.isClosed()) {
      throw new IllegalStateException("the target is closed: " + location);
    }
    SftpOperation operation = new SftpOperation(verb, where, path, connections);
    operation.checkInterrupt();
    return operation;
  }
}
