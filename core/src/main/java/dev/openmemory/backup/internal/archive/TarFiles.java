package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.archive.EntryNames.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** An archive that holds files and nothing else: no links, no devices. */
public final class TarFiles {
  private TarFiles() {}

  /** Takes the files in their order. */
  public interface Taker {
    /** Takes one and reads its content to the end; the name is checked and has no dot parts. */
    void file(String name, long size, Instant modified, InputStream content) throws IOException;
  }

  /**
   * Reads a plain tar stream to its end and does not close it.
   *
   * @param archive the name of the archive, for messages
   * @throws dev.openmemory.backup.BackupException of kind {@code CORRUPT} for what is damaged,
   *     incomplete or refused; failures of the stream and of the taker pass unchanged
   */
  public static void read(
      InputStream in, String archive, ExtractionLimit limit, Cancellation cancellation, Taker taker)
      throws IOException {
    TarReader.read(in, archive, limit, cancellation, name -> {}, new FilesOnly(taker));
  }

  /** Writes such an archive. */
  public static final class Writer {
    private final OutputStream out;
    private long written;

    /** Neither flushes nor closes the stream. */
    public Writer(OutputStream out) {
      this.out = out;
    }

    /** Adds a directory that only its owner can enter. */
    public void directory(String name, Instant modified) throws IOException {
      header('5', name, 0700, 0, modified);
    }

    /**
     * Adds a file that only its owner can read.
     *
     * @param size in bytes of what the content gives
     * @throws IllegalStateException when it gives another number
     */
    public void file(String name, long size, Instant modified, InputStream content)
        throws IOException {
      header('0', name, 0600, size, modified);
      long given = content.transferTo(out);
      if (given != size) {
        throw new IllegalStateException(name + " has " + given + " bytes instead of " + size);
      }
      written += given;
      written += TarHeader.pad(out, written, TarHeader.BLOCK);
    }

    /** Writes the end marker. */
    public void end() throws IOException {
      TarHeader.end(out, written);
    }

    private void header(char type, String name, int mode, long size, Instant modified)
        throws IOException {
      FileTime time = FileTime.from(modified);
      written +=
          TarHeader.write(
              out, new TarHeader.Fields(type, name, mode, 0, 0, "", "", size, time, ""));
    }
  }

  private record FilesOnly(Taker taker) implements TarSink {
    @Override
    public void directory(TarEntry entry) {}

    @Override
    public void file(TarEntry entry, InputStream content) throws IOException {
      taker.file(entry.name(), entry.size(), entry.modified().toInstant(), content);
    }

    @Override
    public void symbolicLink(TarEntry entry) throws RefusedException {
      throw new RefusedException("is a symbolic link");
    }

    @Override
    public void hardLink(TarEntry entry) throws RefusedException {
      throw new RefusedException("is a hard link");
    }
  }
}
