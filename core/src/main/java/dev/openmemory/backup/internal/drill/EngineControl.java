package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Separates an error of the data from one of this host: has the engine make, write and read a small
 * store of its own in the same folder.
 *
 * @param folder where the engine works
 * @param patience how long the engine may be silent
 */
record EngineControl(Path python, Path folder, RunContext context, Duration patience) {
  private static final String NOT_JUDGED = "; the backup is not judged: ";
  private static final int BLOCK = 1 << 20;
  private static final int ROOM_BLOCKS = 8;

  /** What the last answer means when it is no result: the data is damaged, or nothing is known. */
  BackupException explain(String collection, EngineAnswer last) throws IOException {
    if (!(last instanceof EngineAnswer.Failure failure)) {
      return notJudged(Kind.FAILED, "it answered another question");
    }
    Optional<Kind> ofThisHost = failure.ofThisHost();
    if (ofThisHost.isPresent()) {
      return notJudged(ofThisHost.get(), failure.text());
    }
    requireRoom(failure.text());
    Optional<String> unsound = unsound();
    if (unsound.isPresent()) {
      requireRoom(unsound.get());
      return notJudged(
          Kind.FAILED,
          "the engine cannot use a new store either (" + unsound.get() + "): " + failure.text());
    }
    return new BackupException(
        Kind.CORRUPT, EngineProcess.OPERATION, "collection " + collection, failure.text());
  }

  /** What it means that the engine ended, stayed silent, or said what makes no sense. */
  BackupException explain(NoVerdict end) throws IOException {
    requireRoom(end.fact());
    return end;
  }

  /** A full disk also ends the engine by a signal, because it writes through memory maps. */
  private void requireRoom(String reason) throws IOException {
    Path file = folder.resolve("room");
    try {
      try (OutputStream out = Disk.createPrivateFile(file)) {
        for (int i = 0; i < ROOM_BLOCKS; i++) {
          out.write(new byte[BLOCK]);
        }
      }
      Disk.force(file);
      Files.delete(file);
    } catch (IOException e) {
      BackupException failure = FileFailure.of(EngineProcess.OPERATION, folder, e);
      throw notJudged(failure.kind(), failure.fact() + ": " + reason);
    }
  }

  /** Why the engine does not work here; empty when it does. */
  private Optional<String> unsound() throws IOException {
    try (EngineProcess process =
        EngineProcess.start(
            python, List.of("control", folder.toString()), folder, context, patience)) {
      while (true) {
        EngineAnswer answer = process.next();
        if (answer instanceof EngineAnswer.Failure failure) {
          return Optional.of(failure.text());
        }
        if (answer instanceof EngineAnswer.Done) {
          return Optional.empty();
        }
      }
    } catch (NoVerdict e) {
      return Optional.of(e.fact());
    }
  }

  private NoVerdict notJudged(Kind kind, String reason) {
    String what =
        switch (kind) {
          case NO_SPACE -> "the temporary folder is full";
          case DENIED -> "the engine may not read or write there";
          default -> "the engine failed on this host";
        };
    return new NoVerdict(kind, folder.toString(), what + NOT_JUDGED + reason);
  }
}
