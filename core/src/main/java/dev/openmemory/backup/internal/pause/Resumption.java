package dev.openmemory.backup.internal.pause;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.Writer;
import dev.openmemory.backup.spi.WriterControl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets writers run again, in the reverse order of their holding.
 *
 * @param writers in the order in which they are held
 */
record Resumption(WriterControl control, List<Writer> writers) {
  private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

  List<Writer> order() {
    List<Writer> reversed = new ArrayList<>(writers);
    Collections.reverse(reversed);
    return reversed;
  }

  /** Tries each; a failure names the first that does not run. */
  void all() throws BackupException {
    BackupException failure = null;
    for (Writer writer : order()) {
      try {
        one(writer);
      } catch (BackupException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Whatever a plug-in throws for one must not keep the others. */
  private void one(Writer writer) throws BackupException {
    try {
      control.resume(writer);
    } catch (IOException | RuntimeException e) {
      if (e instanceof BackupException ours) {
        if (ours.kind() == Kind.NOT_FOUND) {
          LOG.warn("{} was removed during the pause, so it is not resumed", writer.name());
          return;
        }
        throw ours;
      }
      throw Kind.FAILED.failure("resume writer", writer.name(), String.valueOf(e.getMessage()), e);
    }
  }
}
