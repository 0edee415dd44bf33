package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Unpacks an untrusted tar archive into an empty directory.
 *
 * <p>Refused, as {@code CORRUPT}: names and links that leave the directory, entries below a link,
 * devices and pipes, a name given twice, more than the limit, a damaged header, and an archive
 * without its end marker or with anything after it. Zero pages become holes. Modes and times are
 * set, owners only by the superuser (see {@link RestoredOwners}); the directory itself keeps its
 * own. Nothing is forced to the disk. After a failure what was unpacked so far is left to the
 * caller.
 */
public final class TarExtractor {
  private TarExtractor() {}

  /**
   * Reads a plain tar stream to its end and does not close it.
   *
   * @param directory an existing, empty directory that belongs to this process
   * @param archive the name of the archive, for messages
   * @param owners used by the superuser alone
   * @param names takes the name of each regular file, such as {@code a/b}
   * @throws BackupException of kind {@code CORRUPT} for what is damaged, incomplete or refused,
   *     {@code NO_SPACE} beyond what may be written; failures of the stream pass unchanged
   */
  public static TarSummary extract(
      InputStream in,
      Path directory,
      String archive,
      ExtractionLimit limit,
      RestoredOwners owners,
      Cancellation cancellation,
      Consumer<String> names)
      throws IOException {
    DirectorySink sink = new DirectorySink(directory, archive, limit, owners);
    TarSummary summary = TarReader.read(in, archive, limit, cancellation, names, sink);
    sink.finish();
    return summary;
  }
}
