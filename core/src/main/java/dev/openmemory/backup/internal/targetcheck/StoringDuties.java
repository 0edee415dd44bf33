package dev.openmemory.backup.internal.targetcheck;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Boundary;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.SweepsLeftovers;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** T1, T4 and T14: whether objects are stored whole, or not at all, and read back as they were. */
final class StoringDuties {
  static final String LARGE = "large.bin";
  private static final String BROKEN_OFF = "broken-off.bin";
  private static final double NANOS = 1e9;
  private static final double MEBIBYTE = 1 << 20;

  private final long largestObject;

  StoringDuties(long largestObject) {
    this.largestObject = largestObject;
  }

  /** What a store says it has stored is asked for, since some say so and have nothing. */
  Answer small(CheckFolder folder) throws IOException {
    int size = folder.marker().bytes().length;
    folder.write(CheckFolder.MARKER, folder.marker());
    if (folder.until(() -> folder.size(CheckFolder.MARKER).isPresent()).isEmpty()) {
      return Answer.broken(
          "the answer to the write was that " + size + " bytes are stored, and nothing is there");
    }
    OptionalLong found = folder.size(CheckFolder.MARKER);
    return found.equals(OptionalLong.of(size))
        ? Answer.kept(size + " bytes")
        : Answer.broken(size + " bytes were sent, and " + found.orElse(0) + " are there");
  }

  Answer large(CheckFolder folder) throws IOException {
    long begun = System.nanoTime();
    TestBytes bytes = folder.bytes(LARGE, largestObject);
    ObjectInfo written = observed(folder, () -> folder.write(LARGE, bytes));
    String speed = speed(System.nanoTime() - begun);
    OptionalLong size = OptionalLong.of(largestObject);
    boolean there = folder.until(() -> folder.size(LARGE).equals(size)).isPresent();
    if (written.size() != largestObject || !there) {
      return Answer.broken(
          largestObject + " bytes were sent, and " + folder.size(LARGE).orElse(0) + " are there");
    }
    return Answer.kept(speed, "Backups can be made.");
  }

  Answer readBack(CheckFolder folder) throws IOException {
    if (folder.size(LARGE).isEmpty()) {
      return Answer.notChecked("there is no large object to read");
    }
    TestBytes bytes = folder.bytes(LARGE, largestObject);
    long begun = System.nanoTime();
    if (!observed(folder, () -> folder.holds(LARGE, bytes))) {
      return Answer.broken("the bytes that were read differ from the bytes that were written");
    }
    String speed = speed(System.nanoTime() - begun);
    for (long offset : List.of(1L, largestObject / 2, largestObject - 1, largestObject)) {
      if (!folder.holds(LARGE, bytes, Math.min(offset, largestObject))) {
        return Answer.broken("a read from byte " + offset + " on gave other bytes");
      }
    }
    return Answer.kept(speed, "Backups can be verified and restored.");
  }

  Answer beyondTheEnd(CheckFolder folder) throws IOException {
    int size = folder.marker().bytes().length;
    try (InputStream in = folder.target().read(folder.object(CheckFolder.MARKER), size + 1L)) {
      return Answer.broken("a read from behind the end was answered, with " + in.read());
    } catch (BackupException e) {
      if (e.kind() == Kind.INVALID) {
        return Answer.kept("refused");
      }
      throw e;
    }
  }

  /** A write that ends in the middle must not be seen, neither before nor after its end. */
  Answer brokenOff(CheckFolder folder) throws IOException {
    TestBytes bytes = folder.bytes(BROKEN_OFF, largestObject);
    IOException breaks = new IOException("the check breaks this write off");
    boolean[] seenEarly = new boolean[1];
    boolean[] reached = new boolean[1];
    Content content =
        out -> {
          bytes.writeTo(out);
          seenEarly[0] = isSeen(folder);
          reached[0] = true;
          throw breaks;
        };
    try {
      observed(folder, () -> folder.write(BROKEN_OFF, content));
      return Answer.broken("a write that was broken off was taken for finished");
    } catch (IOException e) {
      if (!reached[0]) {
        throw e;
      }
    }
    if (seenEarly[0]) {
      return Answer.broken("an object was visible before its last byte was written");
    }
    return isSeen(folder)
        ? Answer.broken("a write that was broken off left an object")
        : Answer.kept("nothing of it was visible");
  }

  private static boolean isSeen(CheckFolder folder) throws IOException {
    return folder.size(BROKEN_OFF).isPresent() || folder.lists(BROKEN_OFF);
  }

  /** As each backup does first. */
  Answer sweep(CheckFolder folder) throws IOException {
    Optional<SweepsLeftovers> power =
        ForwardingBackupTarget.power(folder.target(), SweepsLeftovers.class);
    if (power.isEmpty()) {
      return Answer.kept("this kind of target leaves nothing");
    }
    try {
      List<String> removed =
          Boundary.call("sweep", folder.target().location(), power.get()::sweepLeftovers);
      return Answer.kept(removed.isEmpty() ? "there are none" : "removed " + removed.size());
    } catch (BackupException e) {
      if (e.kind() != Kind.DENIED && e.kind() != Kind.UNSUPPORTED) {
        throw e;
      }
      return Answer.limited(
          Answer.said(e), "Remove leftovers of killed runs with the means of the store.");
    }
  }

  private <T> T observed(CheckFolder folder, Boundary.Call<T> call) throws IOException {
    String subject = "test object";
    folder.run().tell(new BackupEvent.FileStarted(subject, OptionalLong.of(largestObject)));
    boolean complete = false;
    try {
      T result = call.run();
      complete = true;
      return result;
    } finally {
      long moved = complete ? largestObject : 0;
      folder.run().tell(new BackupEvent.FileFinished(subject, moved, complete));
    }
  }

  private String speed(long nanos) {
    double seconds = Math.max(nanos / NANOS, 1e-3);
    double size = largestObject / MEBIBYTE;
    return String.format(Locale.ROOT, "%.1f MiB, %.1f MiB/s", size, size / seconds);
  }
}
