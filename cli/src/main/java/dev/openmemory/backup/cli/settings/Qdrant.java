package dev.openmemory.backup.cli.settings;

/** How the vectors are taken. */
enum Qdrant {
  /** As suits what is known. The choice is reported. */
  AUTO,
  /** The files that Qdrant stores in. */
  VOLUME,
  /** Snapshots that a running Qdrant makes and takes back. */
  SNAPSHOT
}
