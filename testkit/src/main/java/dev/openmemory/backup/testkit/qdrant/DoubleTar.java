package dev.openmemory.backup.testkit.qdrant;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Just as much of tar as a snapshot needs. */
final class DoubleTar {
  private static final int BLOCK = 512;
  private static final int SIZE_AT = 124;
  private static final int CHECKSUM_AT = 148;
  private static final int TYPE_AT = 156;

  /** In the header of a sparse file of GNU tar: whether blocks of its map follow. */
  private static final int MORE_SPARSE_AT = 482;

  private static final int MORE_AGAIN_AT = 504;

  private DoubleTar() {}

  /** An archive of files of mode 600. */
  static byte[] write(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    files.forEach(
        (name, content) -> {
          out.writeBytes(header(name, content.length));
          out.writeBytes(content);
          out.writeBytes(new byte[padding(content.length)]);
        });
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  private static byte[] header(String name, long size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000600\0" + "0000000\0" + "0000000\0");
    put(header, SIZE_AT, String.format(Locale.ROOT, "%011o\0%011o\0", size, 0));
    put(header, CHECKSUM_AT, "        ");
    put(header, TYPE_AT, "0");
    put(header, 257, "ustar\00000");
    put(header, CHECKSUM_AT, String.format(Locale.ROOT, "%06o\0 ", sum(header)));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static int sum(byte[] header) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM_AT && i < CHECKSUM_AT + 8;
      sum += own ? ' ' : header[i] & 0xff;
    }
    return sum;
  }

  /** The contents of those files of an archive that are in it. */
  static Map<String, byte[]> read(InputStream in, Set<String> wanted) throws IOException {
    Map<String, byte[]> found = new LinkedHashMap<>();
    while (true) {
      byte[] header = in.readNBytes(BLOCK);
      if (header.length < BLOCK || header[0] == 0) {
        return found;
      }
      String stored = text(header, CHECKSUM_AT, 8);
      if (!stored.matches("[0-7]+") || Integer.parseInt(stored, 8) != sum(header)) {
        throw new IOException("Malformed tar archive, reached unknown entry");
      }
      skipSparseMap(in, header);
      long size = Long.parseLong(text(header, SIZE_AT, 12), 8);
      String name = text(header, 0, 100);
      if (wanted.contains(name)) {
        found.put(name, exactly(in, (int) size, name));
      } else {
        skip(in, size, name);
      }
      skip(in, padding(size), name);
    }
  }

  private static void skipSparseMap(InputStream in, byte[] header) throws IOException {
    boolean more = header[TYPE_AT] == 'S' && header[MORE_SPARSE_AT] != 0;
    while (more) {
      more = exactly(in, BLOCK, "map")[MORE_AGAIN_AT] != 0;
    }
  }

  private static String text(byte[] header, int at, int length) {
    String field = new String(header, at, length, StandardCharsets.UTF_8);
    int end = field.indexOf('\0');
    return (end < 0 ? field : field.substring(0, end)).strip();
  }

  private static byte[] exactly(InputStream in, int length, String name) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("failed to unpack `" + name + "`");
    }
    return bytes;
  }

  private static void skip(InputStream in, long length, String name) throws IOException {
    try {
      in.skipNBytes(length);
    } catch (EOFException e) {
      throw new EOFException("failed to unpack `" + name + "`");
    }
  }

  private static int padding(long size) {
    return (int) ((BLOCK - size % BLOCK) % BLOCK);
  }
}
