package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Copies an untrusted archive entry by entry, in the form that {@link TarWriter} gives it; refuses
 * what {@link TarExtractor} refuses.
 */
public final class TarRewriter implements TarSink {
  private final OutputStream out;
  private final String archive;
  private final Predicate<String> excluded;
  private final Consumer<String> names;
  private final byte[] buffer = new byte[128 << 10];
  private long written;
  private long files;
  private long directories;
  private long bytes;

  private TarRewriter(
      OutputStream out, String archive, Predicate<String> excluded, Consumer<String> names) {
    this.out = out;
    this.archive = archive;
    this.excluded = excluded;
    this.names = names;
  }

  /**
   * Copies a plain tar stream to its end; closes and flushes nothing.
   *
   * @param archive the name of the archive, for messages
   * @param excluded which names, such as {@code a/b}, are left out with all that is in them
   * @param names takes the name of each regular file that is copied
   * @return what was copied
   * @throws BackupException of kind {@code CORRUPT} for what is damaged, incomplete or refused;
   *     failures of the streams pass unchanged
   */
  public static TarSummary copy(
      InputStream in,
      OutputStream out,
      String archive,
      ExtractionLimit limit,
      Predicate<String> excluded,
      Cancellation cancellation,
      Consumer<String> names)
      throws IOException {
    TarRewriter rewriter = new TarRewriter(out, archive, excluded, names);
    TarReader.read(in, archive, limit, cancellation, name -> {}, rewriter);
    TarHeader.end(out, rewriter.written);
    return new TarSummary(rewriter.files, rewriter.directories, rewriter.bytes);
  }

  @Override
  public void directory(TarEntry entry) throws IOException {
    if (!isExcluded(entry.name())) {
      directories += entry.name().isEmpty() ? 0 : 1;
      header('5', entry);
    }
  }

  @Override
  public void file(TarEntry entry, InputStream content) throws IOException {
    boolean copied = !isExcluded(entry.name());
    if (copied) {
      files++;
      bytes += entry.size();
      names.accept(entry.name());
      header('0', entry);
    }
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      if (copied) {
        out.write(buffer, 0, n);
        written += n;
      }
    }
    if (copied) {
      written += TarHeader.pad(out, written, TarHeader.BLOCK);
    }
  }

  @Override
  public void symbolicLink(TarEntry entry) throws IOException {
    if (!isExcluded(entry.name())) {
      header('2', entry);
    }
  }

  @Override
  public void hardLink(TarEntry entry) throws IOException {
    if (isExcluded(entry.name())) {
      return;
    }
    if (isExcluded(entry.link())) {
      // Its content has passed by; a link to nothing could not be unpacked.
      throw Kind.CORRUPT.failure(
          "read archive",
          archive,
          "entry '" + entry.name() + "': is a hard link to '" + entry.link() + "', left out");
    }
    files++;
    names.accept(entry.name());
    header('1', entry);
  }

  private void header(char type, TarEntry entry) throws IOException {
    written +=
        TarHeader.write(
            out,
            new TarHeader.Fields(
                type,
                "./" + entry.name(),
                entry.mode(),
                entry.uid(),
                entry.gid(),
                "",
                "",
                type == '0' ? entry.size() : 0,
                entry.modified(),
                type == '1' ? "./" + entry.link() : entry.link()));
  }

  private boolean isExcluded(String name) {
    for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      if (excluded.test(name.substring(0, end))) {
        return true;
      }
    }
    return !name.isEmpty() && excluded.test(name);
  }
}
