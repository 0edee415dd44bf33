package dev.openmemory.backup;

import java.util.Locale;

/** How the processes that write the data are held while it is captured. */
public enum Quiesce {
  /** Not at all: only what can be copied under its writers can be captured. */
  NONE,
  /**
   * Frozen for the time of the capture. Their connections survive a few seconds of it (measured on
   * Qdrant 1.18: nothing breaks below 5 s, its keep-alive time).
   */
  PAUSE,
  /** Stopped in order and started again. */
  STOP;

  /** As in the manifest: {@code none}, {@code pause}, {@code stop}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
