package dev.openmemory.backup.internal.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testconditions.Seeds;
import dev.openmemory.backup.testconditions.Soak;
import dev.openmemory.backup.testconditions.SoakTest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparseOutputStreamTest {
  @TempDir Path temporary;

  @Test
  void contentOfSomeShapesComesBackHoweverItIsCutIntoWrites() throws IOException {
    comesBack(Seeds.random(), 10);
  }

  @SoakTest
  void contentOfEveryShapeComesBack() throws Exception {
    Soak.rounds(random -> comesBack(random, 100));
  }

  private void comesBack(Random random, int rounds) throws IOException {
    Path file = temporary.resolve("file");
    for (int round = 0; round < rounds; round++) {
      byte[] content = patchy(random, random.nextInt(600_000));
      try (SparseOutputStream out = SparseOutputStream.create(file)) {
        writeInPieces(content, random, out);
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(content);
      Files.delete(file);
    }
  }

  @Test
  void lengthsAroundPagesAndBuffersAreKept() throws IOException {
    for (int around : new int[] {1, 4096, 128 << 10, 256 << 10}) {
      for (int length = around - 1; length <= around + 1; length++) {
        for (byte value : new byte[] {0, 1}) {
          byte[] content = new byte[length];
          Arrays.fill(content, value);
          Path file = temporary.resolve(length + "-of-" + value);
          try (OutputStream out = SparseOutputStream.create(file)) {
            out.write(content);
          }
          assertThat(Files.readAllBytes(file)).as("%d of %d", length, value).isEqualTo(content);
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void holesTakeNothingOfTheRoomAndMoreThanItIsRefused() throws IOException {
    byte[] content = new byte[4 << 20];
    Arrays.fill(content, 1 << 20, (1 << 20) + 8192, (byte) 1);
    Path file = temporary.resolve("file");
    try (OutputStream out = SparseOutputStream.create(file, 8192)) {
      out.write(content);
    }
    assertThat(file).hasBinaryContent(content);
    Files.delete(file);

    try (OutputStream out = SparseOutputStream.create(file, 8191)) {
      assertThatThrownBy(() -> out.write(content)).hasMessageContaining("more than 8191 bytes");
    }
  }

  @Test
  void singleBytesArriveInOrder() throws IOException {
    Path file = temporary.resolve("file");
    try (OutputStream out = SparseOutputStream.create(file)) {
      for (int i = 0; i < 300; i++) {
        out.write(i);
      }
    }
    byte[] content = Files.readAllBytes(file);
    assertThat(content).hasSize(300);
    assertThat(content[255]).isEqualTo((byte) 255);
    assertThat(content[299]).isEqualTo((byte) 299);
  }

  @Test
  void nothingWrittenIsAnEmptyFile() throws IOException {
    Path file = temporary.resolve("file");
    SparseOutputStream.create(file).close();
    assertThat(file).isEmptyFile();
  }

  @Test
  @Tag("services")
  void zeroPagesTakeNoRoomAlsoAtTheEnd() throws Exception {
    Requires.that(Commands.exist("du"), "du");
    Path folder = Files.createDirectory(temporary.resolve("folder"));
    byte[] content = new byte[(10 << 20) + 77];
    content[5 << 20] = 1;
    try (OutputStream out = SparseOutputStream.create(folder.resolve("file"))) {
      out.write(content);
    }
    assertThat(Files.readAllBytes(folder.resolve("file"))).isEqualTo(content);
    assertThat(Commands.allocated(folder)).isLessThan(64 << 10);
  }

  @Test
  void theFileIsPrivateAndNeverAnExistingOne() throws IOException {
    Path file = temporary.resolve("file");
    try (OutputStream out = SparseOutputStream.create(file)) {
      out.write(1);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> SparseOutputStream.create(file).close())
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasBinaryContent(new byte[] {1});
  }

  @Test
  void closingTwiceIsClosingOnce() throws IOException {
    Path file = temporary.resolve("file");
    OutputStream out = SparseOutputStream.create(file);
    out.write(7);
    out.close();
    Files.writeString(file, "changed since");
    out.close();
    assertThat(file).hasContent("changed since");
  }

  /** Noise in some places and zeros in the others. */
  static byte[] patchy(Random random, int length) {
    byte[] content = new byte[length];
    for (int i = random.nextInt(10); i > 0 && length > 0; i--) {
      int at = random.nextInt(length);
      byte[] noise = new byte[Math.min(length - at, random.nextInt(20_000))];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, content, at, noise.length);
    }
    return content;
  }

  private static void writeInPieces(byte[] content, Random random, SparseOutputStream out)
      throws IOException {
    for (int at = 0; at < content.length; ) {
      int part = Math.min(content.length - at, 1 + random.nextInt(200_000));
      if (random.nextBoolean()) {
        out.write(content, at, part);
      } else {
        ByteBuffer direct = ByteBuffer.allocateDirect(part).put(content, at, part).flip();
        assertThat(out.write(direct)).isEqualTo(part);
        assertThat(direct.hasRemaining()).isFalse();
      }
      at += part;
    }
  }
}
