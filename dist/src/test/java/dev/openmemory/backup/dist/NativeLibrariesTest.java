package dev.openmemory.backup.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
  @TempDir Path bundle;

  @Test
  void theLibrariesOfThisPlatformBecomeFilesAndThoseOfOthersGo() throws IOException {
    jars();
    new NativeLibraries(bundle, "amd64").separate();

    assertThat(bundle.resolve("natives/libsqlitejdbc.so"))
        .hasContent("org/sqlite/native/Linux/x86_64/libsqlitejdbc.so");
    assertThat(bundle.resolve("natives/libzstd-jni-1.5.so"))
        .hasContent("linux/amd64/libzstd-jni-1.5.so");
    assertThat(bundle.resolve("natives/libjnidispatch.so")).doesNotExist();
    assertThat(names("sqlite-jdbc-3.5.jar"))
        .containsExactly("META-INF/MANIFEST.MF", "org/sqlite/JDBC.class");
    assertThat(names("zstd-jni-1.5.jar")).containsExactly("com/Zstd.class");
    assertThat(names("jna-5.1.jar")).isEmpty();
  }

  @Test
  void aPlatformThatAJarLacksIsAFailureOfTheBuild() throws IOException {
    jars();
    assertThatThrownBy(() -> new NativeLibraries(bundle, "riscv64").separate())
        .hasMessageContaining("sqlite-jdbc-3.5.jar")
        .hasMessageContaining("riscv64");
  }

  private void jars() throws IOException {
    Files.createDirectory(bundle.resolve("lib"));
    jar(
        "sqlite-jdbc-3.5.jar",
        "META-INF/MANIFEST.MF",
        "org/sqlite/JDBC.class",
        "org/sqlite/native/Linux-Musl/x86_64/libsqlitejdbc.so",
        "org/sqlite/native/Linux/x86_64/libsqlitejdbc.so",
        "org/sqlite/native/Windows/x86_64/sqlitejdbc.dll",
        "org/sqlite/native/Mac/aarch64/libsqlitejdbc.dylib");
    jar(
        "zstd-jni-1.5.jar",
        "com/Zstd.class",
        "linux/aarch64/libzstd-jni-1.5.so",
        "linux/amd64/libzstd-jni-1.5.so");
    jar(
        "jna-5.1.jar",
        "com/sun/jna/aix-ppc/libjnidispatch.a",
        "com/sun/jna/linux-x86-64/libjnidispatch.so");
  }

  /** The content of each file is its name. */
  private void jar(String name, String... entries) throws IOException {
    try (ZipOutputStream jar =
        new ZipOutputStream(Files.newOutputStream(bundle.resolve("lib").resolve(name)))) {
      for (String entry : entries) {
        jar.putNextEntry(new ZipEntry(entry));
        jar.write(entry.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private List<String> names(String jar) throws IOException {
    try (ZipFile file = new ZipFile(bundle.resolve("lib").resolve(jar).toFile())) {
      return file.stream().<String>map(ZipEntry::getName).toList();
    }
  }
}
