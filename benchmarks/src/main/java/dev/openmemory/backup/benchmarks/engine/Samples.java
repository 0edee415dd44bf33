package dev.openmemory.backup.benchmarks.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Bytes like those in a Qdrant storage. */
public final class Samples {
  private Samples() {}

  public static byte[] json(int size) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder(size + 256);
    while (text.length() < size) {
      text.append("{\"user_id\":\"user-")
          .append(random.nextInt(50))
          .append("\",\"data\":\"Prefers ")
          .append(Long.toString(random.nextLong(), 36))
          .append(" over ")
          .append(random.nextInt(1000))
          .append("\"}\n");
    }
    return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), size);
  }

  public static byte[] vectors(int size) {
    Random random = new Random(1);
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.remaining() >= Float.BYTES) {
      bytes.putFloat((float) random.nextGaussian() / 40);
    }
    return bytes.array();
  }
}
