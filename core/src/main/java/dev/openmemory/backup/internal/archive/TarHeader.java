package dev.openmemory.backup.internal.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;

/**
 * The header of one entry in GNU format, which GNU tar, BSD tar, busybox and the common libraries
 * read: long names as entries of their own, large numbers in base 256, names in UTF-8.
 */
final class TarHeader {
  static final int BLOCK = 512;

  /** GNU tar fills the archive up to a multiple of this. */
  static final int RECORD = 20 * BLOCK;

  private static final int NAME_LENGTH = 100;
  private static final String LONG_NAME_ENTRY = "././@LongLink";

  private final byte[] block = new byte[BLOCK];

  private TarHeader() {}

  /**
   * What a header says.
   *
   * @param type {@code 0} file, {@code 1} hard link, {@code 2} symbolic link, {@code 5} directory
   * @param name with all directories that it has in the archive
   * @param link the text of a symbolic link, the whole name of the file that a hard link is to, or
   *     empty
   */
  record Fields(
      char type,
      String name,
      int mode,
      long uid,
      long gid,
      String user,
      String group,
      long size,
      FileTime modified,
      String link) {

    static Fields of(DirectoryTree.Entry entry) {
      FileStat stat = entry.stat();
      String link = entry.link();
      return new Fields(
          type(entry),
          "./" + entry.name(),
          stat.mode(),
          stat.uid(),
          stat.gid(),
          stat.user(),
          stat.group(),
          entry.hardLink() ? 0 : stat.size(),
          stat.modified(),
          link == null ? "" : entry.hardLink() ? "./" + link : link);
    }

    private static char type(DirectoryTree.Entry entry) {
      if (entry.hardLink()) {
        return '1';
      }
      return entry.link() != null
          ? '2'
          : entry.stat().kind() == FileStat.Kind.DIRECTORY ? '5' : '0';
    }

    private String tarName() {
      return name + (type == '5' && !name.endsWith("/") ? "/" : "");
    }
  }

  /** Writes the header and those of long names; gives their length. */
  static int write(OutputStream out, Fields fields) throws IOException {
    byte[] name = utf8(fields.tarName());
    byte[] link = utf8(fields.link());
    int longNames = writeLong(out, 'L', name) + writeLong(out, 'K', link);
    TarHeader header = new TarHeader();
    header.text(0, NAME_LENGTH, name);
    header.number(100, 8, fields.mode());
    header.number(108, 8, fields.uid());
    header.number(116, 8, fields.gid());
    header.number(124, 12, fields.size());
    header.number(136, 12, Math.floorDiv(fields.modified().toMillis(), 1000));
    header.block[156] = (byte) fields.type();
    header.text(157, NAME_LENGTH, link);
    header.text(265, 32, utf8(fields.user()));
    header.text(297, 32, utf8(fields.group()));
    header.finish(out);
    return longNames + BLOCK;
  }

  private static int writeLong(OutputStream out, char type, byte[] name) throws IOException {
    if (name.length <= NAME_LENGTH) {
      return 0;
    }
    TarHeader header = new TarHeader();
    header.text(0, NAME_LENGTH, utf8(LONG_NAME_ENTRY));
    header.number(100, 8, 0644);
    header.number(108, 8, 0);
    header.number(116, 8, 0);
    header.number(124, 12, name.length + 1L);
    header.number(136, 12, 0);
    header.block[156] = (byte) type;
    header.finish(out);
    byte[] padded = Arrays.copyOf(name, (name.length / BLOCK + 1) * BLOCK);
    out.write(padded);
    return BLOCK + padded.length;
  }

  /** Writes zeros up to a multiple; gives their number. */
  static int pad(OutputStream out, long length, int multiple) throws IOException {
    int padding = padding(length, multiple);
    out.write(new byte[padding]);
    return padding;
  }

  /**
   * Writes what ends an archive of that length so far: the end marker, and zeros as GNU tar has.
   */
  static void end(OutputStream out, long length) throws IOException {
    out.write(new byte[2 * BLOCK]);
    pad(out, length + 2 * BLOCK, RECORD);
  }

  static int padding(long length, int multiple) {
    return (int) ((multiple - length % multiple) % multiple);
  }

  private void finish(OutputStream out) throws IOException {
    text(257, 8, utf8("ustar  "));
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    octal(148, 6, sum);
    block[154] = 0;
    out.write(block);
  }

  private void text(int at, int room, byte[] text) {
    System.arraycopy(text, 0, block, at, Math.min(room, text.length));
  }

  /** Octal digits and a zero byte; in base 256 when it does not fit or is negative. */
  private void number(int at, int room, long value) {
    int digits = room - 1;
    if (value >= 0 && value >>> Math.min(63, 3 * digits) == 0) {
      octal(at, digits, value);
      return;
    }
    for (int i = room - 1, shift = 0; i > 0; i--, shift += 8) {
      block[at + i] = (byte) (value >> Math.min(63, shift));
    }
    block[at] = (byte) (value < 0 ? 0xff : 0x80);
  }

  private void octal(int at, int digits, long value) {
    for (int i = digits - 1; i >= 0; i--, value >>>= 3) {
      block[at + i] = (byte) ('0' + (value & 7));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
