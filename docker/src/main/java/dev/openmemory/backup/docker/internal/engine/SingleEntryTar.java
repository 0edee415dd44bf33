package dev.openmemory.backup.docker.internal.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Small archives with a single entry, or none. */
final class SingleEntryTar {
  private static final int END_MARKER = 1024;

  private SingleEntryTar() {}

  /** An archive without entries. */
  static byte[] empty() {
    return new byte[END_MARKER];
  }

  /** A file of no bytes. */
  static InputStream emptyFile(String name) throws IOException {
    return archive(new TarArchiveEntry(name));
  }

  /** A directory with mode, owner and time of another. */
  static InputStream directory(String name, TarArchiveEntry like) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name + "/", TarConstants.LF_DIR);
    entry.setMode(like.getMode());
    entry.setUserId(like.getLongUserId());
    entry.setGroupId(like.getLongGroupId());
    entry.setLastModifiedTime(like.getLastModifiedTime());
    return archive(entry);
  }

  /** Whether the entry is the directory itself that the archive is of. */
  static boolean isRoot(TarArchiveEntry entry) {
    return entry.isDirectory() && entry.getName().matches("(\\./*)*");
  }

  /** Whether the archive ends as one has to. */
  static boolean hasEndMarker(byte[] archive) {
    return archive.length >= END_MARKER
        && Arrays.equals(
            archive,
            archive.length - END_MARKER,
            archive.length,
            new byte[END_MARKER],
            0,
            END_MARKER);
  }

  private static InputStream archive(TarArchiveEntry entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
