package dev.openmemory.backup.it.docker;

/** How the product reaches the engine's data. */
enum Way {
  /** By the engine's socket, so that it may read directories of this host itself. */
  ON_THIS_HOST,
  /** Over TCP, as on another host: everything goes through the engine. */
  THROUGH_THE_ENGINE
}
