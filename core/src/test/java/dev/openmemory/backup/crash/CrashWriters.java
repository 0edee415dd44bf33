package dev.openmemory.backup.crash;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.WriterControlProvider;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Controls of the writers of {@link CrashWorld}s. */
public final class CrashWriters implements WriterControlProvider {
  static final String RUNNING = "running";

  private static final Map<String, CrashWorld> WORLDS = new ConcurrentHashMap<>();

  /** For {@link java.util.ServiceLoader}. */
  public CrashWriters() {}

  static void know(String id, CrashWorld world) {
    WORLDS.put(id, world);
  }

  static void forget(String id) {
    WORLDS.remove(id);
  }

  @Override
  public String type() {
    return "crash";
  }

  @Override
  public WriterControl open(ProviderOptions options) {
    return new Control(Objects.requireNonNull(WORLDS.get(options.text("id").orElseThrow())));
  }

  private record Control(CrashWorld world) implements WriterControl {
    @Override
    public List<Writer> running() {
      return world.writers().entrySet().stream()
          .filter(writer -> writer.getValue().equals(RUNNING))
          .map(writer -> new Writer("id of " + writer.getKey(), writer.getKey()))
          .toList();
    }

    @Override
    public Map<String, Facts> observe(Writer writer, Cancellation cancellation) {
      return Map.of();
    }

    @Override
    public void hold(Writer writer, Quiesce how, Cancellation cancellation) throws IOException {
      world.set(writer.name(), how.text());
    }

    @Override
    public void resume(Writer writer) throws IOException {
      world.set(writer.name(), RUNNING);
    }

    @Override
    public void awaitReady(List<Writer> writers, Cancellation cancellation) {}

    @Override
    public void close() {}
  }
}
