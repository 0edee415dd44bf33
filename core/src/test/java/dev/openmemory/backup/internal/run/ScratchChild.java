package dev.openmemory.backup.internal.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates directories in a parent, one after another, writes into each, and closes it. */
final class ScratchChild {
  private ScratchChild() {}

  /** Arguments: the parent, how many. Fails when a directory is not there while it is open. */
  public static void main(String[] args) throws IOException {
    for (int i = Integer.parseInt(args[1]); i > 0; i--) {
      try (ScratchDirectory scratch = ScratchDirectory.create(Path.of(args[0]))) {
        Files.writeString(scratch.path().resolve("file"), "content");
      }
    }
  }
}
