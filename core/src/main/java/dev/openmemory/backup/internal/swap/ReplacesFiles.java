package dev.openmemory.backup.internal.swap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A source or a restoration that replaces files which no other process may have open meanwhile. */
public interface ReplacesFiles {
  /** Those files, the one that people know first; they need not exist. */
  List<Path> replaced() throws IOException;
}
