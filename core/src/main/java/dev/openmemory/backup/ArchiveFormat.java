package dev.openmemory.backup;

/** How the archive of a whole backup is stored. */
public enum ArchiveFormat {
  /** Plain tar. */
  TAR,
  /** Tar, compressed to one gzip member. */
  TAR_GZ
}
