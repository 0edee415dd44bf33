package dev.openmemory.backup.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.internal.text.Sha256;
import dev.openmemory.backup.testconditions.Seeds;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Sha256CounterTest {
  private static final int CHUNK = 128 << 10;

  /** The caller's array is used again at once, as that of a copy is. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 9 * CHUNK, 20 * CHUNK + 7})
  void theDigestIsThatOfTheBytesHoweverTheyCome(int size) {
    Random random = Seeds.random();
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    Sha256Counter counter = new Sha256Counter();
    byte[] buffer = new byte[3 * CHUNK];

    for (int at = 0; at < size; ) {
      int count = Math.min(size - at, random.nextInt(buffer.length));
      System.arraycopy(bytes, at, buffer, 0, count);
      counter.add(buffer, 0, count);
      Arrays.fill(buffer, (byte) 1);
      at += count;
      assertThat(counter.size()).isEqualTo(at);
    }

    assertThat(counter.digest()).isEqualTo(new Digest(size, Sha256.of(bytes)));
  }
}
