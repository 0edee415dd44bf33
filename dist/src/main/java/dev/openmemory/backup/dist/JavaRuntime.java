package dev.openmemory.backup.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A folder for hosts without Java: the distribution, and of this JDK what it needs. */
public final class JavaRuntime {
  /**
   * What {@code jdeps} finds in the jars, without {@code java.desktop} and {@code java.compiler},
   * which only annotations name, and with elliptic curves, which are found at run time.
   */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.sql",
          "jdk.crypto.ec",
          "jdk.httpserver",
          "jdk.net",
          "jdk.unsupported");

  private JavaRuntime() {}

  /**
   * Makes one.
   *
   * @param arguments the folder with the distribution; the new folder
   */
  public static void main(String[] arguments) throws IOException {
    Path bundle = Path.of(arguments[1]);
    copy(Path.of(arguments[0]), bundle);
    if (System.getProperty("os.name").equals("Linux")) {
      new NativeLibraries(bundle, System.getProperty("os.arch")).separate();
    }
    link(bundle.resolve("runtime"));
    Checksums.write(bundle);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /**
   * In a process of its own: within the one of Maven, jlink orders classes differently each time.
   */
  private static void link(Path runtime) throws IOException {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    Process process =
        new ProcessBuilder(
                jlink.toString(),
                "--add-modules",
                String.join(",", MODULES),
                "--no-header-files",
                "--no-man-pages",
                "--strip-java-debug-attributes",
                "--compress",
                Runtime.version().feature() < 21 ? "2" : "zip-6",
                "--output",
                runtime.toString())
            .inheritIO()
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(jlink + " failed");
      }
    } catch (InterruptedException e) {
      process.destroy();
      throw new IllegalStateException(e);
    }
  }
}
