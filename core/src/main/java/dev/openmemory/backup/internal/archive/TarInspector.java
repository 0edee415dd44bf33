package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** Walks an archive without writing anything, and refuses what {@link TarExtractor} refuses. */
public final class TarInspector {
  private TarInspector() {}

  /**
   * Reads a plain tar stream to its end and does not close it.
   *
   * @param archive the name of the archive, for messages
   * @param names takes the name of each regular file, such as {@code a/b}
   * @throws BackupException of kind {@code CORRUPT} for what is damaged, incomplete or refused;
   *     failures of the stream pass unchanged
   */
  public static TarSummary inspect(
      InputStream in,
      String archive,
      ExtractionLimit limit,
      Cancellation cancellation,
      Consumer<String> names)
      throws IOException {
    return TarReader.read(in, archive, limit, cancellation, names, new Discard());
  }

  private static final class Discard implements TarSink {
    private final byte[] buffer = new byte[64 << 10];

    @Override
    public void directory(TarEntry entry) {}

    @Override
    public void file(TarEntry entry, InputStream content) throws IOException {
      while (content.read(buffer) >= 0) {
        // Only reading counts.
      }
    }

    @Override
    public void symbolicLink(TarEntry entry) {}

    @Override
    public void hardLink(TarEntry entry) {}
  }
}
