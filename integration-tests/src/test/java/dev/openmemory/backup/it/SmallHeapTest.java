package dev.openmemory.backup.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.sample.ChildJvm;
import dev.openmemory.backup.sample.SampleInstallation;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
class SmallHeapTest {
  private static final long FILE_BYTES = 1L << 30;

  @TempDir Path temp;

  @Test
  void aHeapOf64MiBBacksUpVerifiesAndRestores4GiB() throws Exception {
    SampleInstallation sample = SampleInstallation.unpackTo(temp.resolve("openmemory"));
    for (int i = 0; i < 4; i++) {
      addSparseGibibyte(sample.storage().resolve("collections/openmemory/0/big-" + i), i);
    }
    try (ChildJvm child =
        ChildJvm.start(
            BackupChild.class,
            List.of("-Xmx64m"),
            "backup,verify,restore-elsewhere",
            sample.home(),
            temp.resolve("backups"),
            temp.resolve("scratch"),
            "big")) {
      assertThat(child.output().lines().toList()).endsWith("done");
      assertThat(child.waitForExit()).isZero();
    }
    assertThat(temp.resolve("elsewhere/qdrant-storage/collections/openmemory/0/big-3"))
        .hasSize(FILE_BYTES);
  }

  /** Random islands in a hole: every byte travels, and the disk of a build machine is spared. */
  private static void addSparseGibibyte(Path file, int seed) throws IOException {
    Random random = new Random(seed);
    byte[] island = new byte[256 * 1024];
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(FILE_BYTES);
      for (int i = 0; i < 64; i++) {
        random.nextBytes(island);
        out.seek((long) (random.nextDouble() * (FILE_BYTES - island.length)));
        out.write(island);
      }
    }
    assertThat(Files.size(file)).isEqualTo(FILE_BYTES);
  }
}
