package dev.openmemory.backup.internal.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Directory trees to be compared. */
public final class Trees {
  private Trees() {}

  /** Every entry below the root with all that an archive keeps of it. */
  public static Map<String, String> describe(Path root) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(path -> !path.equals(root)).toList()) {
        all.put(root.relativize(path).toString(), describeOne(path));
      }
    }
    return all;
  }

  /** Makes a tree of all that a storage may hold: long names, links, an empty folder, noise. */
  static Path makeVaried(Path root) throws IOException {
    Files.createDirectories(root.resolve("b/empty"));
    byte[] noise = new byte[300_001];
    new Random(1).nextBytes(noise);
    Files.write(root.resolve("b/noise"), noise);
    Files.createFile(root.resolve("b-c"));
    Files.writeString(root.resolve("Ä ß 漢字 \" \\ name"), "utf-8");
    Path deep = Files.createDirectories(root.resolve("d".repeat(60)).resolve("e".repeat(200)));
    Files.writeString(deep.resolve("f".repeat(99)), "long");
    Files.createSymbolicLink(root.resolve("link"), Path.of("b/noise"));
    Files.createSymbolicLink(root.resolve("long-link"), deep.getFileName());
    Files.createLink(root.resolve("twin"), root.resolve("b/noise"));
    return root;
  }

  private static String describeOne(Path path) throws IOException {
    FileStat stat = FileStat.of(path);
    if (stat.kind() == FileStat.Kind.SYMBOLIC_LINK) {
      return "-> " + Files.readSymbolicLink(path);
    }
    String content = stat.kind() == FileStat.Kind.FILE ? Long.toHexString(crc(path)) : "";
    return String.join(
        " ",
        String.valueOf(stat.kind()),
        Integer.toOctalString(stat.mode()),
        stat.uid() + ":" + stat.gid(),
        String.valueOf(stat.size()),
        String.valueOf(Math.floorDiv(stat.modified().toMillis(), 1000)),
        "links " + (stat.kind() == FileStat.Kind.FILE ? stat.links() : 0),
        content);
  }

  private static long crc(Path file) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[64 << 10];
    try (InputStream in = Files.newInputStream(file)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        crc.update(buffer, 0, got);
      }
    }
    return crc.getValue();
  }

  /** busybox tar gives directories the time at which it makes them. */
  public static Map<String, String> withoutTimesOfDirectories(Map<String, String> tree) {
    Map<String, String> result = new TreeMap<>(tree);
    result.replaceAll(
        (name, text) ->
            text.startsWith("DIRECTORY") ? text.replaceFirst(" [0-9]+ links", " links") : text);
    return result;
  }
}
