package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.internal.archive.EntryNames.RefusedException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes the checked entries of an archive in their order. Every directory on the way to an entry
 * was given before it, whether the archive has it or not.
 */
interface TarSink {
  void directory(TarEntry entry) throws IOException;

  /** Reads the content to its end. */
  void file(TarEntry entry, InputStream content) throws IOException;

  void symbolicLink(TarEntry entry) throws IOException, RefusedException;

  /** The file of the name {@link TarEntry#link} was given before. */
  void hardLink(TarEntry entry) throws IOException, RefusedException;
}
