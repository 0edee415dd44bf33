package dev.openmemory.backup.internal.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldWritersTest {
  private static final Writer WRITER = new Writer("1", "api");

  @TempDir Path home;

  @Test
  void aFailingCloseDoesNotHideThatAWriterStaysPaused() throws IOException {
    HeldWriters held =
        HeldWriters.of(
            home,
            new Writers("broken", Map.of()),
            new Broken(),
            Clock.systemUTC(),
            List.of(WRITER));
    held.hold(Quiesce.PAUSE, new Cancellation());

    Throwable failure = catchThrowable(held::close);

    assertThat(failure).hasMessageContaining("cannot resume");
    assertThat(failure.getSuppressed())
        .extracting(Throwable::getMessage)
        .containsExactly("cannot close");
  }

  /** Pauses, and then fails in everything. */
  private static final class Broken implements WriterControl {
    @Override
    public List<Writer> running() {
      return List.of(WRITER);
    }

    @Override
    public Map<String, Facts> observe(Writer writer, Cancellation cancellation) {
      return Map.of();
    }

    @Override
    public void hold(Writer writer, Quiesce how, Cancellation cancellation) {}

    @Override
    public void resume(Writer writer) throws IOException {
      throw new IOException("cannot resume");
    }

    @Override
    public void awaitReady(List<Writer> writers, Cancellation cancellation) {}

    @Override
    public void close() throws IOException {
      throw new IOException("cannot close");
    }
  }
}
