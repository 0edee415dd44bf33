package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.storage.sftp.internal.session.Niceties.Nicety;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.schmizz.sshj.sftp.SFTPException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories below the root of a target: private, made when they are needed, removed when they are
 * empty, and never reached through a link.
 */
public final class RemoteTree {
  /** A try fails because others were faster, or for a reason that the server may not give. */
  private static final int MAKE_TRIES = 10;

  /** The levels of objects in folders. */
  public static final int FOLDERS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(RemoteTree.class);

  private final String root;
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

  /** The tree of that directory, which need not exist. */
  public RemoteTree(String root) {
    this.root = root;
  }

  /**
   * An entry of the tree.
   *
   * @param name its path below the root
   */
  public record Entry(String name, FileFacts facts) {
    public String fileName() {
      return name.substring(name.lastIndexOf('/') + 1);
    }
  }

  /** The path on the server of a name below the root. */
  public String path(String name) {
    return root.endsWith("/") ? root + name : root + "/" + name;
  }

  /** The directory on the server that holds a name. */
  public String directory(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? root : path(name.substring(0, slash));
  }

  /** The directory above; that of the root, or of the login directory, is itself. */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      return ".";
    }
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  /** Each path from below the root down to the object. */
  public List<String> pathsTo(ObjectName name) {
    List<String> paths = new ArrayList<>();
    String at = "";
    for (String segment : name.segments()) {
      at = at.isEmpty() ? segment : at + "/" + segment;
      paths.add(path(at));
    }
    return paths;
  }

  /** The object's file, if there is one. */
  public Optional<FileFacts> look(RemoteFiles files, ObjectName name) throws IOException {
    return files.statWithoutLinks(pathsTo(name)).filter(FileFacts::isFile);
  }

  /**
   * All that is not a directory, in directories with names that start with the prefix or lead to
   * it. Names that neither belong to an object nor to a {@link PartialName} are left out, and
   * directories of such names not entered. A directory that may not be read is left out with a
   * warning in the log, unless the prefix leads into it.
   *
   * @param levels how deep to go; 1 is the root alone
   */
  public List<Entry> entries(SftpOperation operation, RemoteFiles files, String prefix, int levels)
      throws IOException {
    String top = topOf(prefix);
    if (!top.isEmpty() && !isDirectory(files, new ObjectName(top))) {
      return List.of();
    }
    List<Entry> found = new ArrayList<>();
    Deque<String> directories = new ArrayDeque<>(List.of(top));
    while (!directories.isEmpty()) {
      List<String> together = new ArrayList<>();
      while (!directories.isEmpty() && together.size() < DirectoryReader.MOST_TOGETHER) {
        together.add(directories.remove());
      }
      operation.checkInterrupt();
      DirectoryReader reader = new DirectoryReader(files, this, name -> leaveOut(name, prefix));
      for (Entry entry : read(operation, files, reader, together)) {
        boolean entered =
            (entry.name().startsWith(prefix) || prefix.startsWith(entry.name() + "/"))
                && level(entry) < levels
                && ObjectName.isValid(entry.fileName());
        if (!isDirectory(files, entry)) {
          found.add(entry);
        } else if (entered) {
          directories.add(entry.name());
        }
      }
    }
    return found;
  }

  private List<Entry> read(
      SftpOperation operation, RemoteFiles files, DirectoryReader reader, List<String> directories)
      throws IOException {
    try {
      return reader.read(directories);
    } catch (SFTPException e) {
      requireNoFile(operation, files);
      throw e;
    }
  }

  private boolean isDirectory(RemoteFiles files, Entry entry) throws IOException {
    return entry.facts().isOfUnknownType()
        ? files.opens(path(entry.name()))
        : entry.facts().isDirectory();
  }

  private static long level(Entry entry) {
    return 1 + entry.name().chars().filter(c -> c == '/').count();
  }

  private boolean leaveOut(String directory, String prefix) {
    if (directory.isEmpty() || prefix.startsWith(directory + "/")) {
      return false;
    }
    if (unreadable.add(directory)) {
      LOG.warn("the folder {} cannot be read and is left out: access denied", path(directory));
    }
    return true;
  }

  /** The directory below which all names with the prefix are. */
  private static String topOf(String prefix) {
    String top = prefix.substring(0, Math.max(0, prefix.lastIndexOf('/')));
    return ObjectName.isValid(top) ? top : "";
  }

  private boolean isDirectory(RemoteFiles files, ObjectName name) throws IOException {
    return files.statWithoutLinks(pathsTo(name)).filter(FileFacts::isDirectory).isPresent();
  }

  /** Creates the directory of the object and its missing parents. */
  public void makeDirectories(SftpOperation operation, RemoteFiles files, ObjectName name)
      throws IOException {
    List<String> paths = pathsTo(name);
    if (paths.size() == 1) {
      makeDirectory(operation, files, root);
    }
    for (String path : paths.subList(0, paths.size() - 1)) {
      makeDirectory(operation, files, path);
      if (files.look(path).filter(f -> !f.isDirectory()).isPresent()) {
        throw operation.failure(Kind.UNSUPPORTED, path + " is not a directory");
      }
    }
  }

  private static void makeDirectory(SftpOperation operation, RemoteFiles files, String path)
      throws IOException {
    try {
      makeIn(operation, files, path);
    } catch (SFTPException e) {
      if (path.equals(parent(path)) || !files.isMissing(e, parent(path))) {
        throw e;
      }
      makeDirectory(operation, files, parent(path));
      makeIn(operation, files, path);
    }
  }

  /**
   * Servers answer a mkdir of what exists by a plain failure, and one outside of where the user may
   * look by a refusal; so what counts is whether it is there afterwards. When nothing is, it may
   * have been there: a delete removes directories that are empty.
   */
  private static void makeIn(SftpOperation operation, RemoteFiles files, String path)
      throws IOException {
    Niceties niceties = files.connection().niceties();
    boolean mode = niceties.isAsked(Nicety.PERMISSIONS);
    SFTPException refusal = null;
    for (int tries = 1; ; tries++) {
      try {
        files.makeDirectory(path, mode);
        if (refusal != null && !mode) {
          niceties.refused(Nicety.PERMISSIONS, refusal);
        }
        return;
      } catch (SFTPException e) {
        if (files.isDirectory(path)) {
          return;
        }
        if (RemoteFiles.isDenied(e) || tries >= MAKE_TRIES || files.isMissing(e, parent(path))) {
          throw e;
        }
        refusal = e;
        mode &= !Niceties.mayRefuseAttributes(e);
      }
      operation.checkInterrupt();
    }
  }

  private void requireNoFile(SftpOperation operation, RemoteFiles files) throws IOException {
    if (files.look(root).filter(FileFacts::isFile).isPresent()) {
      throw operation.failure(Kind.INVALID, root + " is a file and not a directory");
    }
  }

  /** Removes the directories of a name, the innermost first, as far as they are empty. */
  public void removeEmpty(RemoteFiles files, String name) throws IOException {
    try {
      for (int end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
        files.removeDirectory(path(name.substring(0, end)));
      }
    } catch (SFTPException e) {
      // In use, or another client was faster: the server does not say which.
      return;
    }
  }
}
