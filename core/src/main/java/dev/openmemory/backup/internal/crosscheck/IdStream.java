package dev.openmemory.backup.internal.crosscheck;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Ids in their order. */
interface IdStream extends Closeable {
  /** The next one; null at the end. */
  @Nullable IdEntry next() throws IOException;
}
