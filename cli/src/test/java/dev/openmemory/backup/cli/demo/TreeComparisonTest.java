package dev.openmemory.backup.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeComparisonTest {
  private static final String WAL = "collections/openmemory/0/wal/open-1";

  @TempDir Path temp;
  private Path expected;
  private Path actual;

  @BeforeEach
  void createBoth() throws IOException {
    expected = temp.resolve("expected");
    actual = temp.resolve("actual");
    DemoStorage storage = new DemoStorage(new DemoRandom(7), new DemoSize(50, 64 << 10, 1));
    storage.create(expected);
    storage.create(actual);
  }

  @Test
  void theSameSeedGivesTheSameTree() throws IOException {
    assertDifferences().isEmpty();
    TreeComparison comparison = TreeComparison.of(expected, actual);
    assertThat(comparison.files()).isGreaterThan(20);
    assertThat(comparison.bytes()).isGreaterThan(5 * (64 << 10));
  }

  @Test
  void oneChangedByteIsADifference() throws IOException {
    FileTime time = Files.getLastModifiedTime(actual.resolve(WAL));
    byte[] bytes = Files.readAllBytes(actual.resolve(WAL));
    bytes[60_000] ^= 1;
    Files.write(actual.resolve(WAL), bytes);
    Files.setLastModifiedTime(actual.resolve(WAL), time);
    assertDifferences().containsExactly(WAL + ": differs from byte 60000");
  }

  @Test
  void anotherTimeIsADifference() throws IOException {
    Files.setLastModifiedTime(actual.resolve(WAL), FileTime.fromMillis(0));
    assertDifferences().singleElement().asString().startsWith(WAL + ":").contains("1970");
  }

  @Test
  void anotherModeIsADifference() throws IOException {
    Files.setPosixFilePermissions(
        actual.resolve(WAL), PosixFilePermissions.fromString("rw-------"));
    assertDifferences().singleElement().asString().startsWith(WAL + ":");
  }

  @Test
  void missingAndAdditionalFilesAreDifferences() throws IOException {
    Path directory = actual.resolve("collections/openmemory/0/wal");
    FileTime time = Files.getLastModifiedTime(directory);
    Files.delete(actual.resolve(WAL));
    Files.writeString(directory.resolve("open-9"), "x", StandardCharsets.UTF_8);
    Files.setLastModifiedTime(directory, time);
    assertDifferences()
        .containsExactly(WAL + " is missing", "collections/openmemory/0/wal/open-9 is too many");
  }

  @Test
  void whatQdrantClearsAndWhatARestoreKeepsAsideIsNotPartOfTheTree() throws IOException {
    Files.createDirectories(actual.resolve(".openmemory-backup/previous"));
    Files.delete(actual.resolve(".deleted"));
    assertDifferences().isEmpty();
  }

  private ListAssert<String> assertDifferences() throws IOException {
    return assertThat(TreeComparison.of(expected, actual).differences());
  }
}
