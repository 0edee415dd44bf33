package dev.openmemory.backup.sample;

import dev.openmemory.backup.source.file.FileSourceProvider;
import dev.openmemory.backup.source.file.FolderSourceProvider;

/** Plug-ins that add a folder and a file to an installation. */
public final class AddedFiles {
  private AddedFiles() {}

  /** A folder. */
  public static final class Papers extends FolderSourceProvider {
    /** For {@link java.util.ServiceLoader}. */
    public Papers() {
      super("papers-2");
    }
  }

  /** A file. */
  public static final class License extends FileSourceProvider {
    /** For {@link java.util.ServiceLoader}. */
    public License() {
      super("license");
    }
  }
}
