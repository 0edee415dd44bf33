package dev.openmemory.backup.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Packs a folder as every tar does: the simplest headers, each folder before what is in it. */
final class PlainTar {
  private static final int BLOCK = 512;
  private static final int CHECKSUM = 148;

  private PlainTar() {}

  static void pack(Path parent, String folder, OutputStream out) throws IOException {
    List<Path> all;
    try (Stream<Path> walked = Files.walk(parent.resolve(folder))) {
      all = walked.sorted().toList();
    }
    for (Path path : all) {
      String name = parent.relativize(path).toString();
      if (Files.isSymbolicLink(path)) {
        out.write(header(name, 0, '2', Files.readSymbolicLink(path).toString()));
      } else if (Files.isDirectory(path)) {
        out.write(header(name + "/", 0, '5', ""));
      } else {
        byte[] content = Files.readAllBytes(path);
        out.write(header(name, content.length, '0', ""));
        out.write(content);
        out.write(new byte[Math.floorMod(-content.length, BLOCK)]);
      }
    }
    out.write(new byte[2 * BLOCK]);
  }

  private static byte[] header(String name, int size, char type, String link) {
    byte[] block = new byte[BLOCK];
    put(block, 0, name);
    put(block, 100, "0000644");
    put(block, 124, String.format(Locale.ROOT, "%011o", size));
    put(block, 136, "00000000000");
    put(block, CHECKSUM, "        " + type + link);
    put(block, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, CHECKSUM, String.format(Locale.ROOT, "%06o\0", sum));
    return block;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }
}
