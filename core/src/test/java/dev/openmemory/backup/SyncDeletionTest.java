package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.sync.SyncReport.Outcome;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sync deletes what the source confirms to be gone, and nothing else. */
class SyncDeletionTest {
  private static final SyncRequest DELETING = SyncRequest.STANDARD.deletingMissing();

  @TempDir Path temp;
  private final InMemoryBackupTarget source = new InMemoryBackupTarget();
  private final InMemoryBackupTarget destination = new InMemoryBackupTarget();
  private final StoredObjects from = new StoredObjects(source);
  private final StoredObjects to = new StoredObjects(destination);

  @BeforeEach
  void makeAPairOfWhichOneIsGone() throws IOException {
    from.create(SampleInstallation.unpackSlimTo(temp.resolve("openmemory")), "stays");
    from.copy("stays", "gone");
    sync(source, SyncRequest.STANDARD);
    from.remove("gone");
  }

  @Test
  void withoutTheOptionNothingIsDeleted() throws IOException {
    sync(source, SyncRequest.STANDARD);
    assertThat(names()).containsExactlyInAnyOrder("gone", "stays");
  }

  @Test
  void whatTheSourceNoLongerHasIsDeleted() throws IOException {
    SyncReport report = sync(source, DELETING);
    assertThat(report.backups())
        .extracting(b -> b.outcome())
        .containsExactly(Outcome.SAME, Outcome.DELETED);
    assertThat(report.ok()).isTrue();
    assertThat(to.objects()).isEqualTo(from.objects());
  }

  @Test
  void anEmptySourceConfirmsNothing() throws IOException {
    from.remove("stays");
    assertKept(sync(source, DELETING), "no backup of its installation");
  }

  @Test
  void aSourceOfAnotherInstallationConfirmsNothing() throws IOException {
    from.remove("stays");
    from.create(SampleInstallation.unpackSlimTo(temp.resolve("other")), "else");
    assertKept(sync(source, DELETING), "no backup of its installation");
  }

  @Test
  void afterACopyThatFailedNothingIsDeleted() throws IOException {
    from.copy("stays", "rotten");
    from.flip("rotten/openmemory.db");
    assertKept(sync(source, DELETING), "not all backups could be copied");
  }

  @Test
  void whileTheSourceHasAnyFileOfTheNameItIsKept() throws IOException {
    source.write(
        new ObjectName("gone/openmemory.db-journal"),
        out -> out.write(1),
        WriteOptions.CREATE_ONLY);
    assertKept(sync(source, DELETING), "files of that name");
  }

  @Test
  void aSourceThatVanishesBeforeTheDeletionConfirmsNothing() throws IOException {
    BackupTarget vanishing =
        new ForwardingBackupTarget(source) {
          private boolean listed;

          @Override
          public List<ObjectInfo> list(String prefix) throws IOException {
            List<ObjectInfo> found = listed ? List.of() : delegate().list(prefix);
            listed = true;
            return found;
          }
        };
    assertKept(sync(vanishing, DELETING), "changed meanwhile");
  }

  @Test
  void aScriptsBackupIsKept() throws IOException {
    to.remove("gone");
    to.writeScripted("gone", Instant.parse("2023-12-15T14:30:22Z"));
    assertKept(sync(source, DELETING), "its installation is unknown");
  }

  private void assertKept(SyncReport report, String reason) throws IOException {
    assertThat(names()).contains("gone", "stays");
    assertThat(report.ok()).isFalse();
    assertThat(report.warnings())
        .filteredOn(w -> w.code().equals("not-deleted"))
        .anySatisfy(w -> assertThat(w.message()).startsWith("gone ").contains(reason));
    assertThat(report.backups()).noneMatch(b -> b.outcome() == Outcome.DELETED);
  }

  private SyncReport sync(BackupTarget target, SyncRequest request) throws IOException {
    return Backups.in(target).sync(StoredObjects.at(destination, "memory:deletion"), request);
  }

  private List<String> names() throws IOException {
    return Backups.in(destination).list().stream().map(b -> b.name().value()).toList();
  }
}
