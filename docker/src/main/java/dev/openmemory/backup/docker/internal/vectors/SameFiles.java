package dev.openmemory.backup.docker.internal.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compares two archives file by file, and ends at the first difference. Both come from one engine,
 * so the order is the same. Owners and times are not compared, nor is an entry of the root.
 */
final class SameFiles {
  private static final int BUFFER = 64 << 10;

  private final TarArchiveInputStream one;
  private final TarArchiveInputStream other;

  private SameFiles(TarArchiveInputStream one, TarArchiveInputStream other) {
    this.one = one;
    this.other = other;
  }

  /** Whether both hold the same files. */
  static boolean in(InputStream one, InputStream other) throws IOException {
    return new SameFiles(new TarArchiveInputStream(one), new TarArchiveInputStream(other)).same();
  }

  private boolean same() throws IOException {
    while (true) {
      TarArchiveEntry left = next(one);
      TarArchiveEntry right = next(other);
      if (left == null || right == null) {
        return left == null && right == null;
      }
      if (!name(left).equals(name(right))
          || left.isDirectory() != right.isDirectory()
          || !left.getLinkName().equals(right.getLinkName())
          || left.getSize() != right.getSize()
          || !sameContent()) {
        return false;
      }
    }
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream archive) throws IOException {
    TarArchiveEntry entry = archive.getNextEntry();
    return entry != null && name(entry).isEmpty() ? archive.getNextEntry() : entry;
  }

  private static String name(TarArchiveEntry entry) {
    String name = entry.getName().replaceFirst("^(\\./+)+", "").replaceFirst("/+$", "");
    return name.equals(".") ? "" : name;
  }

  private boolean sameContent() throws IOException {
    byte[] left = new byte[BUFFER];
    byte[] right = new byte[BUFFER];
    while (true) {
      int length = one.readNBytes(left, 0, BUFFER);
      if (other.readNBytes(right, 0, BUFFER) != length
          || !Arrays.equals(left, 0, length, right, 0, length)) {
        return false;
      }
      if (length < BUFFER) {
        return true;
      }
    }
  }
}
