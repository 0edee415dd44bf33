package dev.openmemory.backup.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("services")
class DemoWriterTest {
  private static final DemoRandom RANDOM = new DemoRandom(7);
  private static final DemoSize SIZE = new DemoSize(100, 64 << 10, 500);

  @TempDir Path temp;

  @Test
  void endsWithItsInputAndHasCommittedExactlyWhatItReported() throws Exception {
    DemoDatabase data = new DemoDatabase(RANDOM, SIZE.memories());
    Path written = temp.resolve("written.db");
    data.create(written, 0);
    long committed;
    try (DemoWriterProcess writer = DemoWriterProcess.start(written, RANDOM, SIZE, temp)) {
      writer.awaitCommitted(25);
      assertThat(writer.takeLongestWait()).isPositive();
      committed = writer.finish();
    }
    assertThat(committed).isGreaterThanOrEqualTo(25);
    Path expected = temp.resolve("expected.db");
    data.create(expected, committed);
    assertThat(DatabaseComparison.of(expected, written).differences()).isEmpty();
  }

  @Test
  void hasEndedWhenClosed() throws Exception {
    Path database = temp.resolve("written.db");
    new DemoDatabase(RANDOM, SIZE.memories()).create(database, 0);
    DemoWriterProcess writer = DemoWriterProcess.start(database, RANDOM, SIZE, temp);
    writer.awaitCommitted(1);
    writer.close();
    assertThat(writer.isAlive()).isFalse();
  }

  @Test
  void tellsWhyItStopped() throws IOException {
    Path notADatabase = Files.writeString(temp.resolve("text.db"), "text ".repeat(1000));
    try (DemoWriterProcess writer = DemoWriterProcess.start(notADatabase, RANDOM, SIZE, temp)) {
      assertThatThrownBy(() -> writer.awaitCommitted(1))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not a database");
    }
  }
}
