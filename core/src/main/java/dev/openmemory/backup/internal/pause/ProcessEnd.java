package dev.openmemory.backup.internal.pause;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done when the process is asked to end, whatever its threads are at. Thread-safe. */
public final class ProcessEnd {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessEnd.class);
  private static final Set<Runnable> STEPS = new LinkedHashSet<>();
  private static Thread hook = new Thread();

  private ProcessEnd() {}

  static synchronized void add(Runnable step) {
    if (STEPS.isEmpty()) {
      hook = new Thread(ProcessEnd::begin, "openmemory-backup-resume");
      Runtime.getRuntime().addShutdownHook(hook);
    }
    STEPS.add(step);
  }

  static synchronized void remove(Runnable step) {
    STEPS.remove(step);
    if (STEPS.isEmpty()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        LOG.debug("The process is ending; the hook finds nothing left to do", e);
      }
    }
  }

  /** Does all of it, one after the other. */
  public static void begin() {
    steps().forEach(Runnable::run);
  }

  private static synchronized List<Runnable> steps() {
    return List.copyOf(STEPS);
  }
}
