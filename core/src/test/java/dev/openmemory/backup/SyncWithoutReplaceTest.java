package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.sample.RecordingTarget;
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
import dev.openmemory.backup.sync.SyncReport.Synced;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Destinations that cannot replace an object in one step, such as SFTP without posix-rename. */
class SyncWithoutReplaceTest {
  @TempDir Path temp;
  private final InMemoryBackupTarget source = new InMemoryBackupTarget();
  private final InMemoryBackupTarget destination = new InMemoryBackupTarget();
  private final StoredObjects from = new StoredObjects(source);
  private final StoredObjects to = new StoredObjects(destination);
  private final RecordingTarget writtenTo =
      new RecordingTarget(
          StoredObjects.at(new WithoutReplace(destination), "memory:without-replace"));
  private SampleInstallation sample;

  @BeforeEach
  void createBackup() throws IOException {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    from.create(sample, "b01");
  }

  @Test
  void whatABrokenSyncLeftIsRemovedAndAllIsSentAgain() throws IOException {
    FaultyBackupTarget breaks =
        new FaultyBackupTarget(
            writtenTo, FaultPlan.on(Verb.WRITE).named(".tar.gz").fail(Kind.DENIED));
    BackupException failure =
        failureOf(() -> Backups.in(source).sync(breaks, SyncRequest.STANDARD));
    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(Backups.in(destination).list()).isEmpty();
    writtenTo.forget();

    assertThat(sync().backups()).extracting(Synced::outcome).containsExactly(Outcome.SENT);

    assertThat(writtenTo.writes()).contains("b01/openmemory.db", "b01/qdrant-storage.tar.gz");
    assertThat(to.objects()).isEqualTo(from.objects());
  }

  @Test
  void anOlderBackupOfTheInstallationUnderTheNameIsReplaced() throws IOException {
    sync();
    from.remove("b01");
    from.create(sample, "b01");

    assertThat(sync().backups()).extracting(Synced::outcome).containsExactly(Outcome.UPDATED);

    assertThat(to.objects()).isEqualTo(from.objects());
  }

  private SyncReport sync() throws IOException {
    return Backups.in(source).sync(writtenTo, SyncRequest.STANDARD);
  }

  private static final class WithoutReplace extends ForwardingBackupTarget {
    WithoutReplace(BackupTarget target) {
      super(target);
    }

    @Override
    public TargetTraits traits() {
      TargetTraits traits = super.traits();
      return new TargetTraits(
          false,
          traits.exclusiveCreate(),
          traits.modificationTimes(),
          traits.maxObjectSize(),
          traits.bufferBytes());
    }

    @Override
    public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
        throws IOException {
      if (options.replace()) {
        throw new BackupException(Kind.UNSUPPORTED, "write", location() + "/" + name, "no replace");
      }
      return super.write(name, content, options);
    }
  }
}
