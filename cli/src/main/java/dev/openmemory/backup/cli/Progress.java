package dev.openmemory.backup.cli;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.FileFinished;
import dev.openmemory.backup.BackupEvent.FileStarted;
import dev.openmemory.backup.BackupEvent.LeftoverHandled;
import dev.openmemory.backup.BackupEvent.PhaseStarted;
import dev.openmemory.backup.BackupEvent.WarningRaised;
import dev.openmemory.backup.BackupListener;
import dev.openmemory.backup.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Tells on {@code err} how far a run is: a bar that is redrawn on a terminal, plain lines
 * elsewhere. Not thread-safe: the engine calls from the thread that works.
 */
final class Progress implements BackupListener {
  /** How much is told. */
  enum Style {
    NONE,
    LINES,
    BAR
  }

  private static final long REDRAW_NANOS = 100_000_000;

  private final Terminal terminal;
  private final Style style;
  private final LongSupplier nanoTime;
  private final List<Warning> warnings = new ArrayList<>();
  private OptionalLong size = OptionalLong.empty();
  private long startedNanos;
  private long drawnNanos;
  private boolean drawn;

  Progress(Terminal terminal, Style style, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.style = style;
    this.nanoTime = nanoTime;
  }

  /** What was raised so far, for a run that fails and so has no report. */
  List<Warning> warnings() {
    return warnings;
  }

  @Override
  public void on(BackupEvent event) {
    // JDK 17 has no pattern switch.
    if (event instanceof PhaseStarted phase) {
      line(ProgressText.phase(phase.phase(), phase.subject()));
    } else if (event instanceof FileStarted file) {
      size = file.plainSize();
      startedNanos = nanoTime.getAsLong();
      drawnNanos = startedNanos;
    } else if (event instanceof BackupEvent.Progress progress) {
      bar(progress.file(), progress.plainBytes());
    } else if (event instanceof FileFinished file && file.complete()) {
      Duration took = Duration.ofNanos(nanoTime.getAsLong() - startedNanos);
      line("  " + ProgressText.done(file.file(), file.plainBytes(), took));
    } else if (event instanceof WarningRaised raised) {
      warnings.add(raised.warning());
    } else if (event instanceof LeftoverHandled leftover) {
      clear();
      terminal.note("Left by an earlier run: " + leftover.what());
    }
  }

  /** Takes an unfinished bar off the screen. */
  void clear() {
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

  private void bar(String file, long bytes) {
    long now = nanoTime.getAsLong();
    if (style == Style.BAR && now - drawnNanos >= REDRAW_NANOS) {
      terminal.redraw(ProgressText.bar(file, bytes, size, Duration.ofNanos(now - startedNanos)));
      drawnNanos = now;
      drawn = true;
    }
  }
}
