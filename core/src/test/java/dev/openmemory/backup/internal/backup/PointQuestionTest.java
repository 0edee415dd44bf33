package dev.openmemory.backup.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.internal.crosscheck.IdFolder;
import dev.openmemory.backup.internal.pause.HeldWriters;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.spi.optional.VectorStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointQuestionTest {
  private static final Optional<String> WANTED = Optional.of("mine");
  private static final Writer API = new Writer("1", "api");
  private static final Writer STORE = new Writer("2", "store");

  @TempDir Path temporary;
  private final Telling control = new Telling();

  private HeldWriters held() throws IOException {
    HeldWriters held =
        HeldWriters.of(
            temporary,
            new Writers("telling", Map.of()),
            control,
            Clock.systemUTC(),
            List.of(API, STORE));
    held.hold(Quiesce.PAUSE, new Cancellation());
    control.log.clear();
    return held;
  }

  private IdFolder folder() {
    return new IdFolder(temporary, 1, new Cancellation());
  }

  @Test
  void theStoreTellsItsPointsBeforeTheOthersRunAgain() throws IOException {
    try (HeldWriters held = held()) {
      assertThat(PointQuestion.askAndResume(held, WANTED, folder())).isPresent();
      assertThat(control.log)
          .containsExactly("resume store", "await store", "ask mine", "resume store", "resume api");
    }
  }

  @Test
  void aStoreWithManyPointsTellsThemWhenAllRunAgain() throws IOException {
    try (HeldWriters held = held()) {
      assertThat(PointQuestion.resumeAndAsk(held, WANTED, folder())).isPresent();
      assertThat(control.log).containsExactly("resume store", "resume api", "ask mine");
    }
  }

  @Test
  void nothingIsAskedWhenNothingIsCompared() throws IOException {
    try (HeldWriters held = held()) {
      assertThat(PointQuestion.askAndResume(held, Optional.empty(), folder())).isEmpty();
      assertThat(control.log).containsExactly("resume store", "resume api");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, server, false",
    "NO_SPACE, server, false",
    "CANCELLED, server, true",
    "NO_SPACE, folder, true"
  })
  void aStoreThatTellsNothingKeepsNoWriterPaused(Kind kind, String place, boolean ends)
      throws IOException {
    String location = place.equals("folder") ? temporary.toString() : "http://localhost:6333/";
    control.failure = Optional.of(kind.failure("read points", location, "no"));
    try (HeldWriters held = held()) {
      BackupException failure =
          catchThrowableOfType(
              BackupException.class,
              () ->
                  assertThat(PointQuestion.askAndResume(held, WANTED, folder()))
                      .as("points")
                      .isEmpty());
      assertThat(Optional.ofNullable(failure)).isEqualTo(ends ? control.failure : Optional.empty());
    }
    assertThat(control.log).endsWith("resume store", "resume api");
  }

  /** Reports points, or fails. */
  private static final class Telling implements WriterControl, OpensVectorStore, VectorStore {
    private final List<String> log = new ArrayList<>();
    private Optional<IOException> failure = Optional.empty();

    @Override
    public List<Writer> running() {
      return List.of(API, STORE);
    }

    @Override
    public Map<String, Facts> observe(Writer writer, Cancellation cancellation) {
      return Map.of();
    }

    @Override
    public void hold(Writer writer, Quiesce how, Cancellation cancellation) {
      log.add("hold " + writer.name());
    }

    @Override
    public void resume(Writer writer) {
      log.add("resume " + writer.name());
    }

    @Override
    public void awaitReady(List<Writer> writers, Cancellation cancellation) {
      writers.forEach(writer -> log.add("await " + writer.name()));
    }

    @Override
    public Optional<VectorStore> openVectorStore(Cancellation cancellation) {
      return Optional.of(this);
    }

    @Override
    public String location() {
      return "http://localhost:6333/";
    }

    @Override
    public String version() {
      return "1.18.3";
    }

    @Override
    public List<String> collections() {
      return List.of("mine", "other");
    }

    @Override
    public void points(String collection, Points points) throws IOException {
      log.add("ask " + collection);
      if (failure.isPresent()) {
        throw failure.get();
      }
    }

    @Override
    public void close() {}
  }
}
