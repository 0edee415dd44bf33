package dev.openmemory.backup.cli.settings;

/** How the vectors are taken. */
enum Qdrant {
  /** As suits what is known; the choice is told. */
  AUTO,
  /** The files that Qdrant stores in. */
  VOLUME,
  /** Snapshots that a running Qdrant makes and takes back. */
  SNAPSHOT
}
