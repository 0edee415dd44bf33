package dev.openmemory.backup.source.file;

import java.nio.file.Path;

/**
 * Backs up one file, whatever is in it. A plug-in extends this class, names its component, and
 * lists its own class in {@code META-INF/services}.
 *
 * <p>Option: {@code path}, the file (required). Where it is a symbolic link, the file behind it is
 * backed up and replaced. The file is stored as a tar, so its mode, owner and time are kept where
 * the system allows it. A file that changes while it is read fails the backup, so a program that
 * writes to it has to be paused as a writer of the installation.
 *
 * <p>Facts: {@code files}, which is 1; {@code directories}, which is 0; {@code apparentBytes}, its
 * length.
 *
 * <p>Thread-safe.
 */
public abstract class FileSourceProvider extends TarSourceProvider {
  /**
   * A provider.
   *
   * @param component the component and the type of the source, such as {@code notes}; its file is
   *     called {@code notes.tar}
   */
  protected FileSourceProvider(String component) {
    super(component);
  }

  @Override
  final Selection selection(Path path) {
    return new Selection.SingleFile(path);
  }
}
