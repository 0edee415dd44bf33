package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testconditions.JavaCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** T9 where it counts: an object that is larger than the heap by far, in a JVM of its own. */
@Tag("services")
class SmallHeapTest {
  private static final long SIZE = (1L << 30) + 4711;
  private static final long PART = 5L << 20;
  private static final ObjectName NAME = new ObjectName("large/qdrant-storage.tar.gz");
  private static final int DEADLINE_MINUTES = 10;

  @Test
  void aGibibyteGoesUpAndComesDownWithAHeapOf64Mebibytes() throws Exception {
    try (GeneratedStore store = GeneratedStore.start(pattern(), PART)) {
      ProcessBuilder child =
          new ProcessBuilder(
              JavaCommand.of(SmallHeapTest.class, List.of("-Xmx64m"), store.endpoint()));
      child.environment().putAll(AwsKeys.environment());
      Process process = child.redirectErrorStream(true).start();
      try {
        String said =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(said).endsWith("all " + SIZE + " bytes");
        assertThat(store.size()).isEqualTo(SIZE);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  /** Each block differs from all others, so that none can take the place of another. */
  private static GeneratedStore.Pattern pattern() {
    byte[] random = new byte[GeneratedStore.BLOCK];
    new Random(1).nextBytes(random);
    return (block, offset) -> {
      System.arraycopy(random, 0, block, 0, block.length);
      ByteBuffer.wrap(block).putLong(offset);
    };
  }

  /** The child. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options =
        Map.of("endpoint", arguments[0], "region", S3Server.REGION, "part-size", "5MiB");
    try (BackupTarget target =
        new S3BackupTargetProvider()
            .open(URI.create("s3://bucket/prefix"), new ProviderOptions("s3", options))) {
      target.write(NAME, SmallHeapTest::write, WriteOptions.CREATE_ONLY);
      try (InputStream in = target.read(NAME, 0)) {
        System.out.println("all " + check(in) + " bytes");
      }
    }
  }

  private static void write(OutputStream out) throws IOException {
    GeneratedStore.Pattern pattern = pattern();
    byte[] block = new byte[GeneratedStore.BLOCK];
    for (long at = 0; at < SIZE; at += block.length) {
      pattern.fill(block, at);
      out.write(block, 0, (int) Math.min(block.length, SIZE - at));
    }
  }

  private static long check(InputStream in) throws IOException {
    GeneratedStore.Pattern pattern = pattern();
    byte[] expected = new byte[GeneratedStore.BLOCK];
    for (long at = 0; ; at += expected.length) {
      byte[] block = in.readNBytes(expected.length);
      if (block.length == 0) {
        return at;
      }
      pattern.fill(expected, at);
      if (Arrays.mismatch(block, 0, block.length, expected, 0, block.length) >= 0) {
        throw new IOException("other bytes from " + at);
      }
      if (block.length < expected.length) {
        return at + block.length;
      }
    }
  }
}
