package dev.openmemory.backup.internal.run;

import java.nio.file.Path;

/** The folder below an OpenMemory home that belongs to this tool. */
public final class WorkFolder {
  private WorkFolder() {}

  public static Path of(Path home) {
    return home.resolve(".openmemory-backup");
  }
}
