package dev.openmemory.backup.sample;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.WriterControlProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Writers that are entries of a map; a change of one is a step that a test sees. */
public final class ListedWriters implements WriterControlProvider {
  public static final String RUNNING = "running";

  /** By name, in the order in which they are held. */
  public interface States {
    Map<String, String> all();

    void set(String writer, String state) throws IOException;

    /** One is asked to end, which may take effect later, also when the caller gave up. */
    void askToEnd(String writer);

    /** What was asked for before takes effect no more. */
    void keepRunning(List<String> running) throws IOException;
  }

  private static final Map<String, States> KNOWN = new ConcurrentHashMap<>();

  /** For {@link java.util.ServiceLoader}. */
  public ListedWriters() {}

  public static void know(String id, States states) {
    KNOWN.put(id, states);
  }

  public static void forget(String id) {
    KNOWN.remove(id);
  }

  @Override
  public String type() {
    return "listed";
  }

  @Override
  public WriterControl open(ProviderOptions options) {
    return new Control(Objects.requireNonNull(KNOWN.get(options.text("id").orElseThrow())));
  }

  private record Control(States states) implements WriterControl {
    @Override
    public List<Writer> running() {
      return states.all().entrySet().stream()
          .filter(writer -> writer.getValue().equals(RUNNING))
          .map(writer -> new Writer("id of " + writer.getKey(), writer.getKey()))
          .toList();
    }

    @Override
    public Map<String, Facts> observe(Writer writer, Cancellation cancellation) {
      return Map.of();
    }

    /** To stop a paused one it is resumed, as engines do, and then asked to end. */
    @Override
    public void hold(Writer writer, Quiesce how, Cancellation cancellation) throws IOException {
      if (how == Quiesce.STOP && Quiesce.PAUSE.text().equals(states.all().get(writer.name()))) {
        states.set(writer.name(), RUNNING);
      }
      if (how == Quiesce.STOP) {
        states.askToEnd(writer.name());
      }
      states.set(writer.name(), how.text());
    }

    @Override
    public void end(Writer writer, Cancellation cancellation) throws IOException {
      states.askToEnd(writer.name());
      states.set(writer.name(), Quiesce.STOP.text());
    }

    @Override
    public void keepRunning(List<Writer> writers) throws IOException {
      states.keepRunning(writers.stream().map(Writer::name).toList());
    }

    @Override
    public Optional<Duration> longestStop() {
      return Optional.of(Duration.ofSeconds(10));
    }

    @Override
    public void resume(Writer writer) throws IOException {
      states.set(writer.name(), RUNNING);
    }

    @Override
    public void awaitReady(List<Writer> writers, Cancellation cancellation) {}

    @Override
    public void close() {}
  }
}
