package dev.openmemory.backup.dist;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Of a distribution for one platform: jars without the libraries of all others, and those of this
 * one in files, so that a start need not unpack them. Linux only.
 */
final class NativeLibraries {
  /** The launcher names it to Java. */
  static final String FOLDER = "natives";

  private static final Set<String> ENDINGS = Set.of("so", "dll", "dylib", "jnilib", "a");

  private final Path bundle;
  private final String architecture;

  NativeLibraries(Path bundle, String architecture) {
    this.bundle = bundle;
    this.architecture = architecture;
  }

  void separate() throws IOException {
    boolean isIntel = architecture.equals("amd64");
    // Here each has a name of its own for one architecture.
    take("sqlite-jdbc", "org/sqlite/native/Linux/" + (isIntel ? "x86_64" : architecture));
    take("zstd-jni", "linux/" + architecture);
    // Only named pipes of Windows need it.
    rewrite(jar("jna"));
  }

  private void take(String artifact, String folder) throws IOException {
    Path jar = jar(artifact);
    try (ZipFile from = new ZipFile(jar.toFile())) {
      extract(from, folder);
    }
    rewrite(jar);
  }

  /** Without any library. */
  private static void rewrite(Path jar) throws IOException {
    Path smaller = jar.resolveSibling(jar.getFileName() + ".new");
    try (ZipFile from = new ZipFile(jar.toFile());
        OutputStream file = Files.newOutputStream(smaller);
        ZipOutputStream to = new ZipOutputStream(file)) {
      for (ZipEntry entry : from.stream().toList()) {
        if (!isLibrary(entry.getName())) {
          copy(from, entry, to);
        }
      }
    }
    Files.move(smaller, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path jar(String artifact) throws IOException {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(bundle.resolve("lib"), artifact + "-[0-9]*.jar")) {
      return found.iterator().next();
    }
  }

  private void extract(ZipFile jar, String folder) throws IOException {
    ZipEntry library =
        jar.stream()
            .filter(entry -> isLibrary(entry.getName()))
            .filter(entry -> entry.getName().startsWith(folder + "/"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(jar.getName() + " has no " + folder));
    String name = library.getName().substring(library.getName().lastIndexOf('/') + 1);
    Path natives = Files.createDirectories(bundle.resolve(FOLDER));
    Files.write(natives.resolve(name), jar.getInputStream(library).readAllBytes());
  }

  private static boolean isLibrary(String name) {
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static void copy(ZipFile from, ZipEntry entry, ZipOutputStream to) throws IOException {
    ZipEntry same = new ZipEntry(entry.getName());
    same.setTimeLocal(entry.getTimeLocal());
    to.putNextEntry(same);
    from.getInputStream(entry).transferTo(to);
    to.closeEntry();
  }
}
