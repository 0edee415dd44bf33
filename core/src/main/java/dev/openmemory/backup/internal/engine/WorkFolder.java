package dev.openmemory.backup.internal.engine;

import java.nio.file.Path;

/** The folder below an OpenMemory home that belongs to this tool. */
final class WorkFolder {
  private WorkFolder() {}

  static Path of(Path home) {
    return home.resolve(".openmemory-backup");
  }
}
