package dev.openmemory.backup.internal.targetcheck;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.parallel.Parallel;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** T2, T3 and T12: which write of a name wins, and what a write is told to do beside writing. */
final class NamingDuties {
  private static final int WRITERS = 4;
  private static final int CONTESTED_NAMES = 3;
  private static final int SIZE = 10_000;
  private static final long TOGETHER_SECONDS = 5;
  private static final Instant PAST = Instant.parse("2023-12-15T14:30:22Z");

  /** A store that takes another object under a name would replace a backup. */
  Answer existingName(CheckFolder folder) throws IOException {
    try {
      folder.write(CheckFolder.MARKER, folder.bytes(CheckFolder.MARKER, SIZE));
      return Answer.broken("an object with a name that was taken was stored, not refused");
    } catch (BackupException e) {
      if (e.kind() != Kind.ALREADY_EXISTS) {
        throw e;
      }
    }
    return folder.holdsMarker()
        ? Answer.kept("refused, and it stays as it was")
        : Answer.broken("the write was refused, and the object is another one now");
  }

  /** By chance one may win also where nothing excludes the others, so several names are tried. */
  Answer sameNameAtOnce(CheckFolder folder) throws IOException {
    if (!folder.target().traits().exclusiveCreate()) {
      return alike("the store has no write that creates only");
    }
    for (int name = 0; name < CONTESTED_NAMES; name++) {
      String file = "contested-" + name + ".bin";
      Contest contest = contest(folder, file);
      if (!isOfOneWriter(folder, file)) {
        return Answer.broken("of " + WRITERS + " writers none has its object there");
      }
      if (contest.winners().get() != 1 || contest.otherFailures().get() > 0) {
        return alike(
            "of "
                + WRITERS
                + " writers "
                + contest.winners()
                + " were told that they won, and "
                + contest.otherFailures()
                + " failed");
      }
    }
    return Answer.kept("one of " + WRITERS + " writers, " + CONTESTED_NAMES + " times");
  }

  private static Answer alike(String seen) {
    return Answer.limited(
        seen, "Do not let two hosts make a backup of the same name at the same moment.");
  }

  /** How many were told that they stored the object, and how many failed for another reason. */
  private record Contest(AtomicInteger winners, AtomicInteger otherFailures) {}

  /** Each writes until all do, so that no look beforehand can decide. */
  private static Contest contest(CheckFolder folder, String file) throws IOException {
    CountDownLatch writing = new CountDownLatch(WRITERS);
    Contest contest = new Contest(new AtomicInteger(), new AtomicInteger());
    Parallel.forEach(
        IntStream.range(0, WRITERS).boxed().toList(),
        WRITERS,
        writer -> {
          try {
            folder.write(file, together(folder, writer, writing));
            contest.winners().incrementAndGet();
          } catch (BackupException e) {
            if (e.kind() == Kind.CANCELLED) {
              throw e;
            }
            if (e.kind() != Kind.ALREADY_EXISTS) {
              contest.otherFailures().incrementAndGet();
            }
          } finally {
            // The others need not wait for one that has ended.
            release(writing);
          }
        });
    return contest;
  }

  private static void release(CountDownLatch writing) {
    while (writing.getCount() > 0) {
      writing.countDown();
    }
  }

  private static boolean isOfOneWriter(CheckFolder folder, String file) throws IOException {
    for (int writer = 0; writer < WRITERS; writer++) {
      if (folder.holds(file, contender(folder, writer))) {
        return true;
      }
    }
    return false;
  }

  private static TestBytes contender(CheckFolder folder, int writer) {
    return new TestBytes(folder.run(), "contested.bin", SIZE + writer, writer);
  }

  private static Content together(CheckFolder folder, int writer, CountDownLatch writing) {
    return out -> {
      writing.countDown();
      try {
        // A store that takes one writer at a time makes the others wait.
        writing.await(TOGETHER_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Kind.CANCELLED.failure("check target", "", "interrupted", e);
      }
      contender(folder, writer).writeTo(out);
    };
  }

  Answer otherNamesAtOnce(CheckFolder folder) throws IOException {
    List<String> files =
        IntStream.range(0, WRITERS).mapToObj(writer -> "parallel-" + writer + ".bin").toList();
    AtomicInteger sound = new AtomicInteger();
    Parallel.forEach(
        files,
        WRITERS,
        file -> {
          folder.write(file, folder.bytes(file, SIZE));
          if (folder.holds(file, folder.bytes(file, SIZE))) {
            sound.incrementAndGet();
          }
        });
    return sound.get() == WRITERS
        ? Answer.kept(WRITERS + " writers and readers")
        : Answer.broken((WRITERS - sound.get()) + " of " + WRITERS + " objects were read wrong");
  }

  Answer replacing(CheckFolder folder) throws IOException {
    String file = "replaced.bin";
    folder.write(file, folder.bytes(file, SIZE));
    TestBytes other = folder.bytes("other.bin", SIZE + 1);
    try {
      folder.write(file, other, WriteOptions.REPLACE);
    } catch (BackupException e) {
      if (e.kind() != Kind.UNSUPPORTED || folder.target().traits().atomicReplace()) {
        throw e;
      }
      return Answer.slower(
          "the store cannot do that",
          "A sync that broke off sends all files of that backup again.");
    }
    return folder.holds(file, other)
        ? Answer.kept("the new object is there")
        : Answer.broken("the write was taken, and the object is not the new one");
  }

  Answer dated(CheckFolder folder) throws IOException {
    String file = "dated.bin";
    ObjectInfo written;
    try {
      written =
          folder.write(file, folder.bytes(file, 1), WriteOptions.CREATE_ONLY.withModified(PAST));
    } catch (BackupException e) {
      if (e.kind() != Kind.UNSUPPORTED || folder.target().traits().modificationTimes()) {
        throw e;
      }
      return Answer.kept("this kind of target gives its own times, and says so");
    }
    Instant shown =
        folder.target().stat(written.name()).map(ObjectInfo::modified).orElse(Instant.MAX);
    return shown.getEpochSecond() == PAST.getEpochSecond()
        ? Answer.kept("to the second")
        : Answer.limited(
            "the object was to be of " + PAST + " and is of " + shown,
            "Copies of backups without a manifest get the time of the copy.");
  }
}
