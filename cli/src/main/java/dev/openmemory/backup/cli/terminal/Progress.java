package dev.openmemory.backup.cli.terminal;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.FileFinished;
import dev.openmemory.backup.BackupEvent.FileStarted;
import dev.openmemory.backup.BackupEvent.LeftoverHandled;
import dev.openmemory.backup.BackupEvent.PhaseStarted;
import dev.openmemory.backup.BackupEvent.WaitingFor;
import dev.openmemory.backup.BackupEvent.WarningRaised;
import dev.openmemory.backup.BackupListener;
import dev.openmemory.backup.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Prints on {@code err} how far a run is: a bar that is redrawn on a terminal, plain lines
 * elsewhere. Not thread-safe: the engine sends one event at a time.
 */
public final class Progress implements BackupListener {
  /** How much is reported. */
  public enum Style {
    NONE,
    LINES,
    BAR
  }

  private static final long REDRAW_NANOS = 100_000_000;

  private final Terminal terminal;
  private final Style style;
  private final LongSupplier nanoTime;
  private final List<Warning> warnings = new ArrayList<>();
  private final Map<String, InFlight> inFlight = new LinkedHashMap<>();
  private long drawnNanos;
  private boolean drawn;

  private record InFlight(OptionalLong size, long bytes, long startedNanos) {}

  public Progress(Terminal terminal, Style style, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.style = style;
    this.nanoTime = nanoTime;
  }

  /** What was raised so far, for a run that fails and so has no report. */
  public List<Warning> warnings() {
    return warnings;
  }

  @Override
  public void on(BackupEvent event) {
    // JDK 17 has no pattern switch.
    if (event instanceof PhaseStarted phase) {
      line(ProgressText.phase(phase.phase(), phase.subject()));
    } else if (event instanceof FileStarted file) {
      long now = nanoTime.getAsLong();
      inFlight.put(file.file(), new InFlight(file.plainSize(), 0, now));
      drawnNanos = now;
    } else if (event instanceof BackupEvent.Progress progress) {
      inFlight.computeIfPresent(
          progress.file(),
          (name, file) -> new InFlight(file.size(), progress.plainBytes(), file.startedNanos()));
      bar();
    } else if (event instanceof FileFinished file) {
      finished(file);
    } else if (event instanceof WarningRaised raised) {
      warnings.add(raised.warning());
    } else if (event instanceof LeftoverHandled leftover) {
      clear();
      terminal.note("Cleaned up after an earlier run: " + leftover.what());
    } else if (event instanceof BackupEvent.NotPaused running) {
      line(
          "  "
              + running.writer()
              + " cannot be paused: its changes are replaced until it has stopped");
    } else if (event instanceof BackupEvent.Stopping stopping) {
      line("  Stopping " + stopping.writer() + ", up to " + stopping.atMost().toSeconds() + " s");
    } else if (event instanceof WaitingFor waiting) {
      clear();
      terminal.note("Waiting for another run to finish: " + waiting.holder());
    }
  }

  /** Takes an unfinished bar off the screen. */
  public void clear() {
    if (drawn) {
      terminal.redraw("");
      drawn = false;
    }
  }

  private void line(String text) {
    clear();
    if (style != Style.NONE) {
      terminal.note(text);
    }
  }

  private void finished(FileFinished file) {
    InFlight begun = inFlight.remove(file.file());
    if (file.complete() && begun != null) {
      Duration took = Duration.ofNanos(nanoTime.getAsLong() - begun.startedNanos());
      line("  " + ProgressText.done(file.file(), file.plainBytes(), took));
    }
  }

  /** One for all that are in flight. */
  private void bar() {
    long now = nanoTime.getAsLong();
    if (style == Style.BAR && now - drawnNanos >= REDRAW_NANOS && !inFlight.isEmpty()) {
      Collection<InFlight> files = inFlight.values();
      String name =
          files.size() == 1 ? inFlight.keySet().iterator().next() : files.size() + " files";
      long bytes = files.stream().mapToLong(InFlight::bytes).sum();
      OptionalLong size =
          files.stream().allMatch(file -> file.size().isPresent())
              ? OptionalLong.of(files.stream().mapToLong(f -> f.size().getAsLong()).sum())
              : OptionalLong.empty();
      long started = files.stream().mapToLong(InFlight::startedNanos).min().orElse(now);
      terminal.redraw(ProgressText.bar(name, bytes, size, Duration.ofNanos(now - started)));
      drawnNanos = now;
      drawn = true;
    }
  }
}
