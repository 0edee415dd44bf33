package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A behaviour is found by the names of folders, so none of them becomes a hall. */
class PackagesTest {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("openmemory.root")));
  private static final long MOST_TYPES = 25;

  @Test
  void noPackageHasTooManyTypes() throws IOException {
    Map<Path, Long> sizes =
        sources().stream()
            .filter(file -> !file.endsWith("package-info.java"))
            .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
    assertThat(sizes).hasSizeGreaterThan(50);
    assertThat(sizes)
        .allSatisfy((folder, types) -> assertThat(types).isLessThanOrEqualTo(MOST_TYPES));
  }

  @Test
  void everyPackageIsNullMarked() throws IOException {
    assertThat(sources().stream().map(Path::getParent).distinct())
        .allSatisfy(
            folder ->
                assertThat(ROOT.resolve(folder).resolve("package-info.java"))
                    .content()
                    .contains("@NullMarked\npackage "));
  }

  @Test
  void theModuleNameOfAJarIsItsUppermostPackage() throws IOException {
    Map<Path, Optional<Path>> uppermost =
        sources().stream()
            .collect(
                Collectors.groupingBy(
                    file -> file.subpath(0, 1),
                    Collectors.mapping(
                        Path::getParent,
                        Collectors.minBy(Comparator.comparingInt(Path::getNameCount)))));
    assertThat(uppermost).hasSizeGreaterThan(8);
    for (Map.Entry<Path, Optional<Path>> module : uppermost.entrySet()) {
      Path source = module.getKey().resolve("src/main/java");
      String name = source.relativize(module.getValue().orElseThrow()).toString();
      assertThat(ROOT.resolve(module.getKey()).resolve("pom.xml"))
          .content()
          .contains("<module.name>" + name.replace('/', '.') + "</module.name>");
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .flatMap(PackagesTest::javaFiles)
          .map(ROOT::relativize)
          .toList();
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
