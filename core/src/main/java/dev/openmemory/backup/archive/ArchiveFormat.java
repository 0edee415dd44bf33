package dev.openmemory.backup.archive;

/** How the archive of a whole backup is stored. */
public enum ArchiveFormat {
  /** Plain tar. */
  TAR,
  /** Tar, compressed to one gzip member. */
  TAR_GZ,
  /**
   * Tar, compressed to one zstd frame; needs {@code com.github.luben:zstd-jni} on the class path,
   * which this library does not bring along.
   */
  TAR_ZST
}
