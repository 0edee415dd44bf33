package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.WriterControlProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Holds writers of this process that take {@link #GATE} for as long as they write one thing. */
public final class GateControlProvider implements WriterControlProvider {
  public static final Semaphore GATE = new Semaphore(1, true);
  public static final Writers WRITERS = new Writers("gate", Map.of());

  /** For {@link java.util.ServiceLoader}. */
  public GateControlProvider() {}

  @Override
  public String type() {
    return "gate";
  }

  @Override
  public WriterControl open(ProviderOptions options) {
    return new GateControl();
  }

  private static final class GateControl implements WriterControl {
    private boolean held;

    @Override
    public List<Writer> running() {
      return List.of(new Writer("gate", "gate"));
    }

    @Override
    public Map<String, Facts> observe(Writer writer, Cancellation cancellation) {
      return Map.of();
    }

    @Override
    public void hold(Writer writer, Quiesce how, Cancellation cancellation) throws BackupException {
      try {
        held = held || GATE.tryAcquire(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!held) {
        throw new BackupException(Kind.TIMEOUT, "hold", "gate", "is not free");
      }
    }

    @Override
    public void resume(Writer writer) {
      if (held) {
        held = false;
        GATE.release();
      }
    }

    @Override
    public void awaitReady(List<Writer> writers, Cancellation cancellation) {
      // It is at once.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
