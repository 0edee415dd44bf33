package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Compression.Method;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.sample.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever compresses, what is read back is the same, and the manifest says how. */
class CompressionMethodsTest extends SampleBackupFixture {
  @ParameterizedTest
  @CsvSource({
    "GZIP, gzip, qdrant-storage.tar.gz, tar xzf qdrant-storage.tar.gz",
    "ZSTD, zstd, qdrant-storage.tar.zst, zstd -dc qdrant-storage.tar.zst | tar xf -",
    "NONE, '',   qdrant-storage.tar,     tar xf qdrant-storage.tar",
  })
  void whatIsCompressedByAMethodComesBack(Method method, String codec, String file, String byHand)
      throws IOException {
    BackupName name = new BackupName("first");
    BackupReport report = compressing(Compression.standard(method), "first");

    StoredFile archive = archive(report);
    assertThat(archive.name()).isEqualTo(file);
    assertThat(archive.plainName()).isEqualTo("qdrant-storage.tar");
    assertThat(archive.codecs()).isEqualTo(codec.isEmpty() ? List.of() : List.of(codec));
    assertThat(stored.text("first/backup-info.txt")).contains(byHand);

    // Readers are not told how it was compressed.
    assertThat(backups.verify(name).problems()).isEmpty();
    Path copy = temp.resolve("copy");
    backups.restore(name, Installation.inFolder(copy), RestoreRequest.STANDARD);
    assertThat(FileTree.of(copy.resolve("qdrant-storage")))
        .isEqualTo(FileTree.of(sample.storage()));
  }

  @ParameterizedTest
  @CsvSource({"GZIP", "ZSTD"})
  void theBytesDoNotDependOnTheThreads(Method method) throws IOException {
    Compression one = Compression.standard(method).withThreads(1);

    BackupReport first = compressing(one, "first");
    BackupReport second = compressing(one.withThreads(3), "second");

    assertThat(archive(second).stored()).isEqualTo(archive(first).stored());
  }

  @Test
  void ofDifferentMethodsTheDifferenceIsNone() throws IOException {
    compressing(Compression.standard(Method.ZSTD), "first");
    compressing(Compression.standard(Method.NONE), "second");

    assertThat(
            backups
                .diff(new BackupName("first"), new BackupName("second"), DiffRequest.STANDARD)
                .same())
        .isTrue();
  }

  private BackupReport compressing(Compression how, String name) throws IOException {
    return backups.withCompression(how).create(sample.installation(), BackupRequest.named(name));
  }

  private static StoredFile archive(BackupReport report) {
    return report.manifest().files().stream()
        .filter(file -> file.name().startsWith("qdrant-storage.tar"))
        .findFirst()
        .orElseThrow();
  }
}
