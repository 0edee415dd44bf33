package dev.openmemory.backup.source.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.archive.Commands;
import dev.openmemory.backup.internal.archive.Trees;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.testconditions.JavaCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("services")
class SmallHeapTest {
  @Test
  void aHeapOf64MiBIsEnoughForStoragesThatAreLarger(@TempDir Path temporary) throws Exception {
    Path storage = Files.createDirectories(temporary.resolve("storage"));
    Path segments = Files.createDirectories(storage.resolve("collections/c/0/segments"));
    Files.writeString(storage.resolve("collections/c/config.json"), "{}");
    for (int i = 0; i < 2000; i++) {
      Files.writeString(segments.resolve("segment-" + i), "small");
    }
    byte[] noise = new byte[1 << 20];
    try (RandomAccessFile sparse = new RandomAccessFile(segments.resolve("big").toFile(), "rw")) {
      Random random = new Random(1);
      for (int i = 0; i < 100; i++) {
        random.nextBytes(noise);
        sparse.write(noise);
      }
      sparse.setLength(1L << 30);
    }
    Path restored = temporary.resolve("restored");
    Commands.run(
        temporary,
        JavaCommand.of(
                RoundTrip.class,
                List.of("-Xmx64m"),
                storage,
                temporary.resolve("stored.tar.gz"),
                restored)
            .toArray(String[]::new));
    assertThat(Trees.describe(restored)).isEqualTo(Trees.describe(storage));
  }

  /** Runs in a process of its own. */
  static final class RoundTrip {
    private RoundTrip() {}

    public static void main(String[] args) throws IOException {
      Facts facts;
      Path stored = Path.of(args[1]);
      try (Capture capture = Storage.source(Path.of(args[0]), false).capture(Storage.context())) {
        facts = capture.facts();
        Storage.store(capture, stored);
      }
      BackupFiles files = Storage.files(stored);
      Facts inspected = new DirectorySourceProvider().inspect(files, Storage.context());
      if (!inspected.equals(facts)) {
        throw new AssertionError(inspected + " instead of " + facts);
      }
      try (Restoration restoration =
          Storage.source(Path.of(args[2]), false).prepare("r1", files, Storage.context())) {
        restoration.apply();
        restoration.commit(true);
      }
    }
  }
}
