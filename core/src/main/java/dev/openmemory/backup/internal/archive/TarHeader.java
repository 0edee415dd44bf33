package dev.openmemory.backup.internal.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header of one entry in GNU format, which GNU tar, BSD tar, busybox and the common libraries
 * read: long names as entries of their own, large numbers in base 256, names in UTF-8.
 */
final class TarHeader {
  static final int BLOCK = 512;

  private static final int NAME_LENGTH = 100;
  private static final String LONG_NAME_ENTRY = "././@LongLink";

  private final byte[] block = new byte[BLOCK];

  private TarHeader() {}

  /** Writes the header and those of long names; gives their length. */
  static int write(OutputStream out, DirectoryTree.Entry entry) throws IOException {
    FileStat stat = entry.stat();
    byte[] name = utf8(tarName(entry));
    byte[] link = utf8(linkName(entry));
    int longNames = writeLong(out, 'L', name) + writeLong(out, 'K', link);
    TarHeader header = new TarHeader();
    header.text(0, NAME_LENGTH, name);
    header.number(100, 8, stat.mode());
    header.number(108, 8, stat.uid());
    header.number(116, 8, stat.gid());
    header.number(124, 12, entry.hardLink() ? 0 : stat.size());
    header.number(136, 12, Math.floorDiv(stat.modified().toMillis(), 1000));
    header.block[156] = (byte) type(entry);
    header.text(157, NAME_LENGTH, link);
    header.text(265, 32, utf8(stat.user()));
    header.text(297, 32, utf8(stat.group()));
    header.finish(out);
    return longNames + BLOCK;
  }

  private static char type(DirectoryTree.Entry entry) {
    if (entry.hardLink()) {
      return '1';
    }
    return entry.link() != null ? '2' : entry.stat().kind() == FileStat.Kind.DIRECTORY ? '5' : '0';
  }

  private static String tarName(DirectoryTree.Entry entry) {
    boolean slash = entry.stat().kind() == FileStat.Kind.DIRECTORY && !entry.name().isEmpty();
    return "./" + entry.name() + (slash ? "/" : "");
  }

  private static String linkName(DirectoryTree.Entry entry) {
    String link = entry.link();
    return link == null ? "" : entry.hardLink() ? "./" + link : link;
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
