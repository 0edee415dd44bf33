package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Cleaning up removes leftovers, and never a finished backup or the files of an active run. */
class LeftoversTest extends SampleBackupFixture {
  private static final BackupName FIRST = new BackupName("first");
  private static final String MARKER = "first/in-progress.json";

  @Test
  void aRunThatFindsItsNameTakenMeanwhileLeavesTheOtherBackupAlone() throws IOException {
    // Of another installation: runs of the same one wait for each other.
    SampleInstallation other = SampleInstallation.unpackSlimTo(temp.resolve("other"));
    AtomicBoolean overtaken = new AtomicBoolean();
    BackupTarget overtaking =
        new ForwardingBackupTarget(target) {
          @Override
          public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
              throws IOException {
            if (name.value().equals(MARKER) && overtaken.compareAndSet(false, true)) {
              createFirst(other);
            }
            return super.write(name, content, options);
          }
        };
    Backups slow = Backups.in(overtaking);

    BackupException failure =
        failureOf(() -> slow.create(sample.installation(), BackupRequest.named("first")));

    assertThat(failure.kind()).isEqualTo(Kind.ALREADY_EXISTS);
    assertThat(backups.verify(FIRST).problems()).isEmpty();
    assertThat(stored.has(MARKER)).isFalse();
  }

  @Test
  void anUnfinishedBackupOfAnActiveRunStays() throws IOException {
    createFirst();
    stored.remove("first/manifest.json");
    ProcessHandle self = ProcessHandle.current();
    String owner =
        String.format(
            "{\"host\": \"%s\", \"pid\": %d, \"processStart\": \"%s\", \"since\": \"2026-01-01T00:00:00Z\"}",
            InetAddress.getLocalHost().getHostName(),
            self.pid(),
            self.info().startInstant().map(Object::toString).orElse(""));
    stored.write(MARKER, String.format("{\"work\": \"backup\", \"owner\": %s}", owner));
    createNext();
    assertThat(stored.has("first/openmemory.db")).isTrue();
  }

  @Test
  void filesOfAnUnknownOwnerStay() throws IOException {
    createFirst();
    stored.write(MARKER, "{ half of a mark");
    createNext();
    assertThat(backups.verify(FIRST).problems()).isEmpty();
    backups.delete(FIRST);
    assertThat(target.list("first/")).isEmpty();
  }

  @Test
  void aFolderWithoutADatabaseIsNotMarkedAsAHome() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("no-home"));

    BackupException thrown =
        failureOf(() -> backups.create(Installation.at(folder), BackupRequest.STANDARD));

    assertThat(thrown.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(folder).isEmptyDirectory();
    assertThat(target.list("")).isEmpty();
  }

  private void createFirst() {
    createFirst(sample);
  }

  private void createFirst(SampleInstallation installation) {
    try {
      backups.create(installation.installation(), BackupRequest.named("first"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void createNext() throws IOException {
    backups.create(sample.installation(), BackupRequest.named("next"));
  }

  @Test
  void leftoversThatMayNotBeClearedAwayAreAWarningAndNoReasonForNoBackup() throws IOException {
    Backups denied = Backups.in(new KeepsLeftovers(target));

    BackupReport report = denied.create(sample.installation(), BackupRequest.named("first"));

    assertThat(report.manifest().warnings())
        .filteredOn(warning -> warning.code().equals("leftovers-remain"))
        .singleElement()
        .satisfies(warning -> assertThat(warning.message()).contains("s3:AbortMultipartUpload"));
    assertThat(backups.verify(FIRST).problems()).isEmpty();
    BackupException thrown = failureOf(denied::sweepLeftovers);
    assertThat(thrown.kind()).isEqualTo(Kind.DENIED);
  }

  @Test
  void aDeletionThatIsRefusedIsNotMadeUpForByTheNextRun() throws IOException {
    createFirst();
    BackupTarget keeping =
        new FaultyBackupTarget(
            target,
            FaultPlan.on(Verb.DELETE).named("manifest.json").fail(Kind.DENIED),
            FaultPlan.on(Verb.DELETE).named(MARKER).fail(Kind.DENIED));

    assertThat(failureOf(() -> Backups.in(keeping).delete(FIRST)).kind()).isEqualTo(Kind.DENIED);

    stored.letTheOwnerDie("first");
    assertThat(backups.find(FIRST).state()).isEqualTo(BackupSummary.State.COMPLETE);
    createNext();
    assertThat(backups.verify(FIRST).problems()).isEmpty();
    assertThat(stored.has(MARKER)).isFalse();
  }

  /** Its user may write and not abort. */
  private static final class KeepsLeftovers extends ForwardingBackupTarget
      implements SweepsLeftovers {
    KeepsLeftovers(BackupTarget target) {
      super(target);
    }

    @Override
    public List<String> sweepLeftovers() throws IOException {
      throw new BackupException(
          Kind.DENIED, "sweep", location(), "access denied; needed is s3:AbortMultipartUpload");
    }
  }
}
