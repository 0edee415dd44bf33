package dev.openmemory.backup.dist;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The licence of each jar: its own file, or the text that its project publishes elsewhere. */
final class Licences {
  static final String LIST = "THIRD-PARTY.txt";
  private static final Pattern TEXT =
      Pattern.compile("(META-INF/)?(.*/)?(LICEN[SC]E|NOTICE)[^/]*", Pattern.CASE_INSENSITIVE);

  private final Path jars;
  private final Path texts;
  private final Path apache;

  /**
   * Creates one.
   *
   * @param texts files {@code ARTIFACT.txt} for jars that bring no licence
   * @param apache the text of the licence that most of them have
   */
  Licences(Path jars, Path texts, Path apache) {
    this.jars = jars;
    this.texts = texts;
    this.apache = apache;
  }

  /**
   * Copies them.
   *
   * @param listed a line {@code ARTIFACT|VERSION|LICENCE; ...} for each jar of others
   * @throws IllegalStateException when a jar is not listed, or has no text
   */
  void copyTo(Path folder, List<String> listed) throws IOException {
    Files.createDirectories(folder);
    Map<String, String> licences = byJar(listed);
    StringBuilder list = new StringBuilder();
    for (Path jar : jarsOfOthers()) {
      String name = jar.getFileName().toString();
      String licence = licences.get(name);
      if (licence == null) {
        throw new IllegalStateException("the list of licences lacks " + name);
      }
      list.append(name).append(": ").append(licence).append('\n');
      copyOne(jar, licence, folder);
    }
    Files.writeString(folder.resolve(LIST), list, UTF_8);
  }

  private static Map<String, String> byJar(List<String> listed) {
    return listed.stream()
        .map(line -> line.split("\\|", -1))
        .filter(parts -> parts.length == 3)
        .collect(
            Collectors.toMap(
                parts -> parts[0].strip() + "-" + parts[1] + ".jar",
                parts -> parts[2].strip(),
                (a, b) -> a,
                TreeMap::new));
  }

  private List<Path> jarsOfOthers() throws IOException {
    try (Stream<Path> found = Files.list(jars)) {
      return found
          .filter(jar -> !jar.getFileName().toString().startsWith("openmemory-backup-"))
          .sorted()
          .toList();
    }
  }

  private void copyOne(Path jar, String licence, Path folder) throws IOException {
    String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
    Path own = texts.resolve(name.replaceFirst("-[0-9].*", "") + ".txt");
    Path copies = Files.createDirectories(folder.resolve(name));
    boolean hasText = copyEmbedded(jar, copies);
    if (Files.exists(own)) {
      Files.copy(own, copies.resolve("LICENSE"));
    } else if (!hasText && licence.toLowerCase(Locale.ROOT).contains("apache")) {
      Files.copy(apache, copies.resolve("LICENSE"));
    } else if (!hasText) {
      throw new IllegalStateException(name + " has no licence in it: put its text into " + own);
    }
  }

  /** Returns whether a licence is among the texts. */
  private static boolean copyEmbedded(Path jar, Path copies) throws IOException {
    boolean found = false;
    try (ZipFile file = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().filter(Licences::isText).toList()) {
        String name = entry.getName().replaceFirst("^META-INF/", "").replace('/', '-');
        try (InputStream bytes = file.getInputStream(entry)) {
          Files.copy(bytes, copies.resolve(name));
        }
        found |= !name.toUpperCase(Locale.ROOT).contains("NOTICE");
      }
    }
    return found;
  }

  private static boolean isText(ZipEntry entry) {
    return !entry.isDirectory()
        && !entry.getName().endsWith(".class")
        && TEXT.matcher(entry.getName()).matches();
  }
}
