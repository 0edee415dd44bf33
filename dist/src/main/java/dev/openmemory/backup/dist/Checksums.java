package dev.openmemory.backup.dist;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The file {@code SHA256SUMS} of a folder, as {@code sha256sum --check} reads it. */
public final class Checksums {
  static final String NAME = "SHA256SUMS";

  private Checksums() {}

  /**
   * Writes the file into each of the folders, for all that is in it.
   *
   * @param folders their paths
   */
  public static void main(String[] folders) throws IOException {
    for (String folder : folders) {
      write(Path.of(folder));
    }
  }

  static void write(Path folder) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : names(folder)) {
      lines.append(digest(folder.resolve(name))).append("  ").append(name).append('\n');
    }
    Files.writeString(folder.resolve(NAME), lines, UTF_8);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .filter(name -> !name.equals(NAME))
          .sorted()
          .toList();
    }
  }

  private static String digest(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      DigestInputStream digested =
          new DigestInputStream(bytes, MessageDigest.getInstance("SHA-256"));
      digested.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digested.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
