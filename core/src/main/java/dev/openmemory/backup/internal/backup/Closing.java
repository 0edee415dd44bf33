package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupEvent.WarningRaised;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.run.Run;
import java.io.Closeable;
import java.io.IOException;

/** Closes what a backup needed. Once the backup is there, what goes wrong then is a warning. */
public final class Closing {
  private Closing() {}

  /** What makes the backup. */
  public interface Work {
    BackupReport make() throws IOException;
  }

  /** Does the work, then closes the resource, also after a failure, which stays the one thrown. */
  public static BackupReport of(Run run, Closeable resource, Work work) throws IOException {
    BackupReport made = Undo.closingOnFailure(resource, open -> work.make());
    try {
      resource.close();
      return made;
    } catch (IOException | RuntimeException e) {
      Warning warning =
          new Warning(
              "not-cleaned-up",
              "the backup was written, and something failed after that: " + message(e));
      run.tell(new WarningRaised(warning));
      return made.with(warning);
    }
  }

  private static String message(Exception failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }
}
