package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.TargetTraits;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.sync.SyncReport.Outcome;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups and their files are on their way together, and end together. */
class SyncInFlightTest {
  private static final int FILES = 3;
  private static final long DEADLINE_SECONDS = 60;

  @TempDir Path temp;
  private final InMemoryBackupTarget source = new InMemoryBackupTarget();
  private final InMemoryBackupTarget destination = new InMemoryBackupTarget();

  @BeforeEach
  void createBackup() throws IOException {
    SampleInstallation sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    new StoredObjects(source).create(sample, "b01");
  }

  @Test
  void filesOfABackupAreWrittenTogether() throws IOException {
    CountDownLatch begun = new CountDownLatch(FILES);

    sync(
        new MeetingTarget(
            destination,
            () -> {
              begun.countDown();
              await(begun);
            }));

    assertThat(new StoredObjects(destination).objects().equals(new StoredObjects(source).objects()))
        .isTrue();
  }

  @Test
  void backupsAreWrittenTogether() throws IOException {
    new StoredObjects(source).copy("b01", "b02");
    CountDownLatch begun = new CountDownLatch(2 * FILES);

    sync(
        new MeetingTarget(
            destination,
            () -> {
              begun.countDown();
              await(begun);
            }));

    assertThat(new StoredObjects(destination).objects().equals(new StoredObjects(source).objects()))
        .isTrue();
  }

  @Test
  void anInterruptEndsAllOfThemAndTheNextSyncCompletesTheBackup() throws Exception {
    CountDownLatch begun = new CountDownLatch(FILES);
    Thread caller = Thread.currentThread();
    BackupTarget stalling =
        new MeetingTarget(
            destination,
            () -> {
              begun.countDown();
              awaitInterrupt(begun, caller);
            });

    Throwable thrown = catchThrowable(() -> sync(stalling));

    assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
    assertThat(thrown)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED));
    assertThat(Backups.in(destination).list()).isEmpty();
    sync(destination);
    assertThat(new StoredObjects(destination).objects().equals(new StoredObjects(source).objects()))
        .isTrue();
  }

  private void sync(BackupTarget to) throws IOException {
    SyncReport report =
        Backups.in(inLittleMemory(source))
            .sync(StoredObjects.at(inLittleMemory(to), "memory:in-flight"), SyncRequest.STANDARD);
    assertThat(report.backups()).allMatch(synced -> synced.outcome() == Outcome.SENT);
  }

  /** Those in memory say that they take what there is, so that one file at a time moves. */
  private static BackupTarget inLittleMemory(BackupTarget target) {
    TargetTraits traits = target.traits();
    return new ForwardingBackupTarget(target) {
      @Override
      public TargetTraits traits() {
        return new TargetTraits(
            traits.atomicReplace(),
            traits.exclusiveCreate(),
            traits.modificationTimes(),
            traits.maxObjectSize(),
            1024);
      }
    };
  }

  private static void await(CountDownLatch others) throws IOException {
    try {
      assertThat(others.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("the other files").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackupException(Kind.CANCELLED, "write", "memory:in-flight", "interrupted", e);
    }
  }

  private static void awaitInterrupt(CountDownLatch begun, Thread caller) throws IOException {
    await(begun);
    caller.interrupt();
    await(new CountDownLatch(1));
  }

  private interface Meeting {
    void run() throws IOException;
  }

  /** Has each file of a backup meet the others at its first byte. */
  private static final class MeetingTarget extends ForwardingBackupTarget {
    private final Meeting meeting;

    MeetingTarget(BackupTarget target, Meeting meeting) {
      super(target);
      this.meeting = meeting;
    }

    @Override
    public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
        throws IOException {
      boolean control = name.value().endsWith(".json") && !name.value().endsWith("config.json");
      return super.write(name, control ? content : meeting(content), options);
    }

    private Content meeting(Content content) {
      return out -> content.writeTo(new MeetingStream(out));
    }

    private final class MeetingStream extends FilterOutputStream {
      private boolean met;

      MeetingStream(OutputStream out) {
        super(out);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!met) {
          met = true;
          meeting.run();
        }
        out.write(bytes, offset, length);
      }
    }
  }
}
