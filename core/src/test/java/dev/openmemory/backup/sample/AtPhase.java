package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupListener;
import java.io.IOException;

/** Does something when a run enters a phase. */
public record AtPhase(Phase phase, String subject, Step step) implements BackupListener {
  /** What is done. */
  public interface Step {
    void run() throws IOException;
  }

  @Override
  public void on(BackupEvent event) {
    if (event.equals(new BackupEvent.PhaseStarted(phase, subject))) {
      try {
        step.run();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
