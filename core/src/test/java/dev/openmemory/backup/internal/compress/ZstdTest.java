package dev.openmemory.backup.internal.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.testconditions.Requires;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.io.input.BrokenInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdTest {
  private static final Path PROGRAM = Path.of("/usr/bin/zstd");
  private static final byte[] INPUT = mixture(700_000);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 131_072, 700_000})
  void whatWentInComesOut(int length) throws IOException {
    byte[] input = Arrays.copyOf(INPUT, length);

    byte[] packed = compress(input, Integer.MAX_VALUE);

    assertThat(Zstd.starts(packed)).isTrue();
    assertThat(decompress(packed)).isEqualTo(input);
  }

  @Test
  void theBytesDoNotDependOnTheSizesOfWrites() throws IOException {
    assertThat(compress(INPUT, 4_711)).isEqualTo(compress(INPUT, Integer.MAX_VALUE));
  }

  @Test
  @Tag("services")
  void theProgramReadsIt(@TempDir Path temp) throws Exception {
    Path packed = Files.write(temp.resolve("packed"), compress(INPUT, 100_000));

    assertThat(zstd(temp, "-dc", packed.toString())).isEqualTo(INPUT);
    assertThat(zstd(temp, "-lv", packed.toString())).asString().contains("XXH64");
  }

  @ParameterizedTest
  @Tag("services")
  @ValueSource(strings = {"-1", "-19", "--ultra -22", "--long=27", "--no-check", "-T2 -B512KiB"})
  void whatTheProgramWritesIsRead(String options, @TempDir Path temp) throws Exception {
    Path plain = Files.write(temp.resolve("plain"), INPUT);

    byte[] packed = zstd(temp, ("-qc " + options + " " + plain).split(" "));

    assertThat(Zstd.starts(packed)).isTrue();
    assertThat(decompress(packed)).isEqualTo(INPUT);
  }

  @Test
  void framesThatFollowOneAnotherAndThoseToSkipAreRead() throws IOException {
    byte[] skippable = {0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2};
    byte[] packed = concat(skippable, compress(INPUT, 50_000), skippable, compress(INPUT, 70_000));

    assertThat(Zstd.starts(packed)).isTrue();
    assertThat(decompress(packed)).isEqualTo(concat(INPUT, INPUT));
  }

  @Test
  void theBytesAreTheSameForEachNumberOfThreads() throws IOException {
    byte[] large = new byte[12 << 20];
    for (int at = 0; at < large.length; at += INPUT.length) {
      System.arraycopy(INPUT, 0, large, at, Math.min(INPUT.length, large.length - at));
      large[at] = (byte) (at >> 8);
    }
    byte[] one = compress(large, large.length, 1);

    assertThat(compress(large, 100_000, 3)).isEqualTo(one);
    assertThat(decompress(one)).isEqualTo(large);
  }

  @Test
  void otherBytesAreNoStart() {
    assertThat(Zstd.starts(new byte[] {0x28, (byte) 0xb5, 0x2f})).isFalse();
    assertThat(Zstd.starts(new byte[] {0x1f, (byte) 0x8b, 8, 0})).isFalse();
  }

  @Test
  void withoutFinishThereIsNoEnd() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CompressingOutputStream zstd = Zstd.compress(out, Zstd.USUAL_LEVEL, 0)) {
      zstd.write(INPUT);
    }

    assertThat(out.size()).isPositive();
    assertDamaged(out.toByteArray());
  }

  @Test
  void whatIsCutOffAnywhereIsCorrupt() throws IOException {
    byte[] packed = compress(Arrays.copyOf(INPUT, 1_500), 1_500);
    for (int length = 1; length < packed.length; length++) {
      assertDamaged(Arrays.copyOf(packed, length));
    }
    assertDamaged(concat(packed, new byte[] {1, 2, 3, 4, 5}));
  }

  @Test
  void noFlippedBitGivesOtherBytes() throws IOException {
    byte[] input = Arrays.copyOf(INPUT, 400);
    byte[] packed = compress(input, input.length);
    int noticed = 0;
    for (int bit = 0; bit < packed.length * 8; bit++) {
      byte[] flipped = packed.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        assertThat(decompress(flipped)).isEqualTo(input);
      } catch (BackupException e) {
        assertThat(e.kind()).isIn(Kind.CORRUPT, Kind.UNSUPPORTED);
        noticed++;
      }
    }
    // One bit of the header means nothing, and a few that state sizes are not needed.
    assertThat(noticed).isGreaterThan(packed.length * 8 - 16);
  }

  @Test
  void aWindowThatWouldTakeTooMuchMemoryIsUnsupported() {
    // Magic, no flags, a window of 2^(10 + 18) bytes, an empty last block.
    byte[] header = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (18 << 3), 1, 0, 0};

    assertThatThrownBy(() -> decompress(header))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED))
        .hasMessageContaining("128 MiB")
        .hasMessageContaining("the archive");
  }

  @Test
  void aFailureBelowStaysWhatItIs() {
    InputStream broken = new BrokenInputStream(() -> new NoSuchFileException("gone"));

    assertThatThrownBy(() -> Zstd.decompress(broken, "the archive").read())
        .isInstanceOf(NoSuchFileException.class);
  }

  private static void assertDamaged(byte[] packed) {
    assertThatThrownBy(() -> decompress(packed))
        .as("%d bytes", packed.length)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
  }

  private static byte[] compress(byte[] input, int portion) throws IOException {
    return compress(input, portion, 0);
  }

  private static byte[] compress(byte[] input, int portion, int workers) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CompressingOutputStream zstd = Zstd.compress(out, Zstd.USUAL_LEVEL, workers)) {
      for (int at = 0; at < input.length; ) {
        int count = Math.min(portion, input.length - at);
        zstd.write(input, at, count);
        zstd.flush();
        at += count;
      }
      zstd.finish();
    }
    return out.toByteArray();
  }

  private static byte[] decompress(byte[] packed) throws IOException {
    try (InputStream in = Zstd.decompress(new ByteArrayInputStream(packed), "the archive")) {
      return in.readAllBytes();
    }
  }

  private static byte[] zstd(Path temp, String... arguments) throws Exception {
    Requires.that(Files.isExecutable(PROGRAM), "zstd");
    Path out = temp.resolve("out");
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.waitFor()).isZero();
    return Files.readAllBytes(out);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** What shrinks and what does not. */
  private static byte[] mixture(int length) {
    byte[] bytes = new byte[length];
    Random random = new Random(11);
    for (int at = 0; at < length; at += 1000) {
      byte[] piece = new byte[Math.min(random.nextInt(1000), length - at)];
      random.nextBytes(piece);
      System.arraycopy(piece, 0, bytes, at, piece.length);
    }
    return bytes;
  }
}
