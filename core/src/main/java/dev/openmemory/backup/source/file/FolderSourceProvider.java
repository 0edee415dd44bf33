package dev.openmemory.backup.source.file;

import java.nio.file.Path;

/**
 * Backs up a folder with all that is in it. A plug-in extends this class, names its component, and
 * lists its own class in {@code META-INF/services}.
 *
 * <p>Option: {@code path}, the folder (required). A restore exchanges its whole content. Modes,
 * owners and times are kept where the system allows it. Sockets, pipes and devices are left out
 * with a warning. A file that changes while it is read fails the backup, so a program that writes
 * there has to be paused as a writer of the installation.
 *
 * <p>Facts: {@code files}; {@code directories}, without the root; {@code apparentBytes}, the
 * lengths of the files with their holes.
 *
 * <p>Thread-safe.
 */
public abstract class FolderSourceProvider extends TarSourceProvider {
  /**
   * A provider.
   *
   * @param component the component and the type of the source, such as {@code notes}; its file is
   *     called {@code notes.tar}
   */
  protected FolderSourceProvider(String component) {
    super(component);
  }

  @Override
  final Selection selection(Path path) {
    return new Selection.Folder(path);
  }
}
