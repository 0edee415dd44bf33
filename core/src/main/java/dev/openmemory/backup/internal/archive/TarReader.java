package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.archive.EntryNames.RefusedException;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an untrusted tar archive: every rule about what may be in it is here, so that looking at an
 * archive and unpacking it refuse the same.
 */
final class TarReader {
  /** Names take memory; a storage of that many files is far beyond this tool. */
  private static final int MAX_ENTRIES = 1_000_000;

  private final TarInput input;
  private final TarArchiveInputStream tar;
  private final String archive;
  private final ExtractionLimit limit;
  private final Consumer<String> names;
  private final TarSink sink;
  private final EntryNames known = new EntryNames();
  private long files;
  private long directories;
  private long bytes;

  private TarReader(
      InputStream in,
      String archive,
      ExtractionLimit limit,
      Cancellation cancellation,
      Consumer<String> names,
      TarSink sink) {
    this.input = new TarInput(in, cancellation);
    // A record size of one block keeps the library from reading beyond the end marker.
    this.tar =
        new TarArchiveInputStream(
            input, TarHeader.BLOCK, TarHeader.BLOCK, StandardCharsets.UTF_8.name());
    this.archive = archive;
    this.limit = limit;
    this.names = names;
    this.sink = sink;
  }

  /**
   * Reads the stream to its end.
   *
   * @param archive the name of the archive, for messages
   * @param names takes the name of each regular file
   * @throws BackupException of kind {@code CORRUPT} for what is damaged, incomplete or refused
   */
  static TarSummary read(
      InputStream in,
      String archive,
      ExtractionLimit limit,
      Cancellation cancellation,
      Consumer<String> names,
      TarSink sink)
      throws IOException {
    TarReader reader = new TarReader(in, archive, limit, cancellation, names, sink);
    return reader.readAll();
  }

  private TarSummary readAll() throws IOException {
    for (TarArchiveEntry entry = next(); entry != null; entry = next()) {
      try {
        take(entry);
      } catch (RefusedException e) {
        throw corrupt("entry '" + entry.getName() + "': " + e.getMessage(), null);
      } catch (IOException e) {
        // The sink takes every failure for one of its own.
        IOException below = input.failure();
        throw below == null ? e : below;
      }
    }
    if (!input.endsHere()) {
      throw corrupt("does not end with the end marker of a tar archive", null);
    }
    return new TarSummary(files, directories, bytes);
  }

  private @Nullable TarArchiveEntry next() throws IOException {
    input.enterHeaders();
    try {
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry != null) {
        input.enterContent();
      }
      return entry;
    } catch (IOException | RuntimeException e) {
      throw unreadable(e);
    }
  }

  private void take(TarArchiveEntry raw) throws IOException, RefusedException {
    if (!raw.isCheckSumOK()) {
      throw new RefusedException("the checksum of its header is wrong");
    }
    String name = EntryNames.normalize(raw.getName());
    switch (raw.getLinkFlag()) {
      case '1' -> takeHardLink(raw, name);
      case '2' -> takeSymbolicLink(raw, name);
      case '5' -> takeDirectory(raw, name);
      // Sparse files of old GNU archives; the library fills in the holes.
      case '0', '7', 'S' -> takeFile(raw, name);
      case 0 -> {
        if (raw.isDirectory()) {
          takeDirectory(raw, name);
        } else {
          takeFile(raw, name);
        }
      }
      case '3', '4', '6' -> throw new RefusedException("is a device or a pipe");
      default -> throw new RefusedException("is of the unknown type " + raw.getLinkFlag());
    }
  }

  private void takeDirectory(TarArchiveEntry raw, String name)
      throws IOException, RefusedException {
    int before = known.count();
    add(raw, name, EntryNames.Kind.DIRECTORY);
    directories += known.count() > before ? 1 : 0;
    sink.directory(entry(raw, name, 0, ""));
  }

  private void takeFile(TarArchiveEntry raw, String name) throws IOException, RefusedException {
    add(raw, name, EntryNames.Kind.FILE);
    long size = raw.getRealSize();
    if (size < 0 || size > limit.apparentBytes() - bytes) {
      throw new RefusedException(
          "the files are longer together than the limit of " + limit.apparentBytes() + " bytes");
    }
    files++;
    bytes += size;
    names.accept(name);
    Content content = new Content();
    sink.file(entry(raw, name, size, ""), content);
    if (content.read() >= 0 || content.count != size) {
      throw new RefusedException("has other than the stated " + size + " bytes");
    }
  }

  private void takeSymbolicLink(TarArchiveEntry raw, String name)
      throws IOException, RefusedException {
    EntryNames.checkSymbolicLink(name, raw.getLinkName());
    add(raw, name, EntryNames.Kind.SYMBOLIC_LINK);
    sink.symbolicLink(entry(raw, name, 0, raw.getLinkName()));
  }

  private void takeHardLink(TarArchiveEntry raw, String name) throws IOException, RefusedException {
    String target = known.hardLink(raw.getLinkName());
    add(raw, name, EntryNames.Kind.FILE);
    files++;
    names.accept(name);
    sink.hardLink(entry(raw, name, 0, target));
  }

  /** Notes the name and gives the sink the directories that lead to it. */
  private void add(TarArchiveEntry raw, String name, EntryNames.Kind kind)
      throws IOException, RefusedException {
    for (String missing : known.add(name, kind)) {
      directories++;
      sink.directory(
          new TarEntry(missing, 0755, raw.getLongUserId(), raw.getLongGroupId(), time(raw), 0, ""));
    }
    if (known.count() > MAX_ENTRIES) {
      throw new RefusedException("the archive has more than " + MAX_ENTRIES + " entries");
    }
  }

  private static TarEntry entry(TarArchiveEntry raw, String name, long size, String link) {
    return new TarEntry(
        name,
        raw.getMode() & 07777,
        raw.getLongUserId(),
        raw.getLongGroupId(),
        time(raw),
        size,
        link);
  }

  private static FileTime time(TarArchiveEntry raw) {
    return raw.getLastModifiedTime();
  }

  private BackupException corrupt(String fact, @Nullable Throwable cause) {
    return Kind.CORRUPT.failure("read archive", archive, fact, cause);
  }

  /** The failure of the stream itself, or else what the tar reader found wrong in it. */
  private IOException unreadable(Exception found) {
    IOException below = input.failure();
    return below == null
        ? corrupt("is not a sound tar archive: " + found.getMessage(), found)
        : below;
  }

  /** The content of the current entry; closing it does nothing. */
  private final class Content extends BlockInputStream {
    private long count;

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        int got = tar.read(buffer, offset, length);
        count += Math.max(0, got);
        return got;
      } catch (IOException | RuntimeException e) {
        throw unreadable(e);
      }
    }
  }
}
