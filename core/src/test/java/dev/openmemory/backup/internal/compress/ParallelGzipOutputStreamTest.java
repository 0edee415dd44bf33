package dev.openmemory.backup.internal.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Compression;
import dev.openmemory.backup.Compression.Method;
import dev.openmemory.backup.testconditions.Requires;
import dev.openmemory.backup.testconditions.Seeds;
import dev.openmemory.backup.testconditions.Soak;
import dev.openmemory.backup.testconditions.SoakTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alone, since it looks for threads that are left over. */
@Isolated
class ParallelGzipOutputStreamTest {
  private static final int BLOCK = Block.SIZE;

  @AfterEach
  void noThreadOutlivesItsStream() {
    assertThat(gzipThreads()).isEmpty();
  }

  @Test
  void emptyInputGivesAValidEmptyMember() throws IOException {
    assertThat(readByJdk(compress(new byte[0], 6, 2))).isEmpty();
  }

  @Test
  void bothReadersGetSomeInputsBack() throws IOException {
    comeBack(Seeds.random(), 4);
  }

  @SoakTest
  void everyReaderGetsTheSameBytesBackWhateverTheInput() throws Exception {
    Soak.rounds(
        random -> {
          comeBack(random, 60);
          doNotDepend(random, 12);
        });
  }

  private static void comeBack(Random random, int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      byte[] input = mixture(random);
      byte[] packed = compress(input, 1 + random.nextInt(9), 1 + random.nextInt(4));
      assertThat(readByJdk(packed)).isEqualTo(input);
      assertThat(readByCommons(packed)).isEqualTo(input);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK})
  void lengthsAboutTheBoundsOfBlocksComeBack(int length) throws IOException {
    byte[] input = new byte[length];
    fillWithText(input, new Random(5));
    byte[] packed = compress(input, 6, 2);
    assertThat(readByJdk(packed)).isEqualTo(input);
    assertThat(readByCommons(packed)).isEqualTo(input);
  }

  @Test
  void theBytesDoNotDependOnThreadsNorOnTheSizesOfWrites() throws IOException {
    doNotDepend(Seeds.random(), 2);
  }

  private static void doNotDepend(Random random, int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      byte[] input = mixture(random);
      byte[] expected = compress(input, 6, 1);
      assertThat(compress(input, 6, 2)).isEqualTo(expected);
      assertThat(compress(input, 6, 4)).isEqualTo(expected);
      ByteArrayOutputStream sink = new ByteArrayOutputStream();
      try (ParallelGzipOutputStream gzip =
          new ParallelGzipOutputStream(sink, new Compression(Method.GZIP, 6, 3))) {
        for (int at = 0; at < input.length; ) {
          int count = Math.min(input.length - at, 1 + random.nextInt(3 * BLOCK));
          gzip.write(input, at, count);
          gzip.flush();
          at += count;
        }
        gzip.finish();
      }
      assertThat(sink.toByteArray()).isEqualTo(expected);
    }
  }

  @Test
  @Tag("services")
  void gzipOfTheSystemAcceptsIt(@TempDir Path directory) throws Exception {
    Requires.that(Files.isExecutable(Path.of("/bin/gzip")), "gzip");
    byte[] input = mixture(new Random(7));
    Path packed = Files.write(directory.resolve("packed.gz"), compress(input, 6, 2));
    Path plain = directory.resolve("plain");
    Process gunzip =
        new ProcessBuilder("/bin/gzip", "-dc", packed.toString())
            .redirectOutput(plain.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(gunzip.waitFor()).isZero();
    assertThat(Files.readAllBytes(plain)).isEqualTo(input);
  }

  @Test
  void zerosShrinkEightHundredfold() throws IOException {
    assertThat(compress(new byte[64 * BLOCK], 6, 2).length).isLessThan(64 * BLOCK / 800);
  }

  @Test
  void incompressibleInputHardlyGrows() throws IOException {
    byte[] input = new byte[8 * BLOCK];
    new Random(1).nextBytes(input);
    assertThat(compress(input, 6, 2).length).isLessThan(input.length + input.length / 1000);
  }

  @Test
  void vectorsAreStoredUnlessSpaceMattersMoreThanTime() throws IOException {
    Random random = new Random(2);
    ByteBuffer vectors = ByteBuffer.allocate(8 * BLOCK);
    while (vectors.hasRemaining()) {
      vectors.putFloat((float) (random.nextGaussian() / 40));
    }
    byte[] input = vectors.array();

    byte[] packed = compress(input, 6, 2);

    assertThat(packed.length).isBetween(input.length, input.length + input.length / 1000);
    assertThat(readByJdk(packed)).isEqualTo(input);
    assertThat(compress(input, 7, 2).length).isLessThan(input.length * 95 / 100);
  }

  @Test
  void noiseThatRepeatsIsCompressed() throws IOException {
    byte[] page = new byte[4096];
    new Random(3).nextBytes(page);
    byte[] input = new byte[8 * BLOCK];
    for (int at = 0; at < input.length; at += page.length) {
      System.arraycopy(page, 0, input, at, page.length);
    }
    assertThat(compress(input, 6, 2).length).isLessThan(input.length / 10);
  }

  @Test
  void repetitionsAreFoundAcrossBlocks() throws IOException {
    byte[] noise = new byte[20_000];
    new Random(1).nextBytes(noise);
    byte[] input = new byte[BLOCK + noise.length];
    Arrays.fill(input, 0, BLOCK, (byte) 'x');
    System.arraycopy(noise, 0, input, BLOCK - noise.length, noise.length);
    System.arraycopy(noise, 0, input, BLOCK, noise.length);
    assertThat(compress(input, 6, 2).length).isLessThan(noise.length + noise.length / 4);
  }

  @Test
  void aFailureOfTheStreamBelowReachesTheCallerAndEndsTheThreads() {
    IOException full = new IOException("full");
    OutputStream sink =
        new OutputStream() {
          private int left = 3;

          @Override
          public void write(int b) throws IOException {
            throw full;
          }

          @Override
          public void write(byte[] bytes, int offset, int count) throws IOException {
            if (left-- == 0) {
              throw full;
            }
          }
        };
    try (ParallelGzipOutputStream gzip =
        new ParallelGzipOutputStream(sink, Compression.standard())) {
      byte[] input = new byte[100 * BLOCK];
      assertThatThrownBy(
              () -> {
                gzip.write(input);
                gzip.finish();
              })
          .isSameAs(full);
      assertThatThrownBy(gzip::finish).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void withoutFinishNoReaderTakesItForWhole() throws IOException {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    try (ParallelGzipOutputStream gzip =
        new ParallelGzipOutputStream(sink, new Compression(Method.GZIP, 6, 1))) {
      gzip.write(new byte[10 * BLOCK]);
    }
    byte[] cut = sink.toByteArray();
    assertThat(cut).isNotEmpty();
    assertThatThrownBy(() -> readByJdk(cut)).isInstanceOf(IOException.class);
  }

  @Test
  void theStreamBelowIsNeitherFlushedNorClosed() throws IOException {
    OutputStream sink =
        new OutputStream() {
          @Override
          public void write(int b) {}

          @Override
          public void flush() {
            throw new AssertionError("flushed");
          }

          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    try (ParallelGzipOutputStream gzip =
        new ParallelGzipOutputStream(sink, Compression.standard())) {
      gzip.write(1);
      gzip.flush();
      gzip.finish();
    }
  }

  @Test
  void anInterruptEndsWritingAndStaysSet() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>(false);
    CountDownLatch writing = new CountDownLatch(1);
    Thread writer =
        new Thread(
            () -> {
              try (ParallelGzipOutputStream gzip =
                  new ParallelGzipOutputStream(
                      OutputStream.nullOutputStream(), new Compression(Method.GZIP, 9, 2))) {
                byte[] text = mixture(new Random(3));
                while (true) {
                  gzip.write(text);
                  writing.countDown();
                }
              } catch (IOException e) {
                failure.set(e);
                flag.set(Thread.currentThread().isInterrupted());
              }
            });
    writer.start();
    writing.await();
    writer.interrupt();
    writer.join();
    assertThat(failure.get())
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    assertThat(flag.get()).isTrue();
  }

  @Test
  void levelAndThreadsHaveRanges() {
    for (int[] wrong : new int[][] {{0, 1}, {10, 1}, {6, 0}, {6, 65}}) {
      assertThatThrownBy(() -> new Compression(Method.GZIP, wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Compression.standard(Method.ZSTD).withLevel(19).level()).isEqualTo(19);
    assertThatThrownBy(() -> Compression.standard(Method.ZSTD).withLevel(20))
        .hasMessage("level of zstd must be 1 to 19: 20");
    assertThatThrownBy(() -> Compression.standard(Method.NONE).withLevel(1))
        .hasMessage("without compression there is no level: 1");
  }

  private static List<String> gzipThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter("gzip"::equals)
        .toList();
  }

  /** Runs of zeros, noise and text, with lengths about the bounds of blocks. */
  private static byte[] mixture(Random random) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int runs = 1 + random.nextInt(5);
    for (int i = 0; i < runs; i++) {
      byte[] run =
          new byte[Math.max(0, random.nextInt(4) * BLOCK / (1 + i % 2) + random.nextInt(5) - 2)];
      switch (random.nextInt(4)) {
        case 0 -> random.nextBytes(run);
        case 1 -> fillWithText(run, random);
        default -> {}
      }
      all.writeBytes(run);
    }
    return all.toByteArray();
  }

  private static void fillWithText(byte[] run, Random random) {
    for (int i = 0; i < run.length; i++) {
      run[i] = (byte) ('a' + random.nextInt(8));
    }
  }

  private static byte[] compress(byte[] input, int level, int threads) throws IOException {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    try (ParallelGzipOutputStream gzip =
        new ParallelGzipOutputStream(sink, new Compression(Method.GZIP, level, threads))) {
      gzip.write(input);
      gzip.finish();
    }
    return sink.toByteArray();
  }

  private static byte[] readByJdk(byte[] packed) throws IOException {
    // A stream of a network has nothing available; a second member would be lost here.
    InputStream network =
        new ByteArrayInputStream(packed) {
          @Override
          public int available() {
            return 0;
          }
        };
    try (InputStream plain = new GZIPInputStream(network)) {
      return plain.readAllBytes();
    }
  }

  private static byte[] readByCommons(byte[] packed) throws IOException {
    try (InputStream plain = new GzipCompressorInputStream(new ByteArrayInputStream(packed))) {
      return plain.readAllBytes();
    }
  }
}
