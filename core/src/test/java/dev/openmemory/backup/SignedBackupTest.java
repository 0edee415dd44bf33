package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ImportReport;
import dev.openmemory.backup.archive.ImportReport.Imported;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.drill.DrillReport.Outcome;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.export.ExportFormat;
import dev.openmemory.backup.export.ExportRequest;
import dev.openmemory.backup.internal.signature.StandInAgent;
import dev.openmemory.backup.internal.signature.StandInAgent.Manner;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.sample.Signers;
import dev.openmemory.backup.sample.StoredObjects;
import dev.openmemory.backup.signature.SigningKey;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.sync.SyncReport;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of a signed backup, and what a store could show in its place. */
class SignedBackupTest extends SampleBackupFixture {
  private static final BackupName FIRST = new BackupName("first");
  private static final BackupName SECOND = new BackupName("second");

  private Backups signing;
  private Backups requiring;

  @BeforeEach
  void backUp() throws IOException {
    Signers signers = new Signers(temp);
    signing = backups.withSigningKey(signers.key("signer"));
    requiring = backups.withRequiredSignature(signers.allowed("signer"));
    signing.create(sample.installation(), BackupRequest.named("first"));
  }

  @Test
  void anAgentSignsABackupAndOneThatDoesNotSignLeavesNone() throws Exception {
    Signers signers = new Signers(temp);
    for (Manner manner : new Manner[] {Manner.SIGNS, Manner.REFUSES}) {
      try (StandInAgent agent =
          StandInAgent.with(Signers.bytes("signer"), manner, temp.resolve(manner.name()))) {
        SigningKey key = SigningKey.readWithAgent(signers.file("signer.pub"), agent.socket());
        BackupRequest request = BackupRequest.named(manner.name());
        Backups byAgent = backups.withSigningKey(key);
        if (manner == Manner.SIGNS) {
          byAgent.create(sample.installation(), request);
        } else {
          assertThat(failureOf(() -> byAgent.create(sample.installation(), request)).kind())
              .isEqualTo(Kind.DENIED);
        }
      }
    }
    assertThat(requiring.verify(new BackupName("SIGNS")).ok()).isTrue();
    assertThat(backups.list().stream().map(each -> each.name().value()))
        .containsExactlyInAnyOrder("first", "SIGNS");
  }

  private void assertNeverUsed(BackupName name) throws IOException {
    BackupSummary found = requiring.find(name);
    assertThat(found.state()).isEqualTo(State.DAMAGED);
    assertThat(found.problem()).isNotEmpty();
    assertThat(requiring.latest()).map(BackupSummary::name).isNotEqualTo(Optional.of(name));
    VerifyReport verified = requiring.verify(name);
    assertThat(verified.ok()).isFalse();
    BackupException refused =
        failureOf(() -> requiring.restore(name, sample.installation(), RestoreRequest.STANDARD));
    assertThat(refused.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(requiring.drill(name, DrillRequest.STANDARD).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(
            failureOf(
                    () ->
                        requiring.exportArchive(
                            name, ArchiveFormat.TAR, new ByteArrayOutputStream()))
                .kind())
        .isEqualTo(Kind.CORRUPT);
    assertThat(failureOf(() -> requiring.diff(name, FIRST, DiffRequest.STANDARD)).kind())
        .isEqualTo(Kind.CORRUPT);
    assertThat(failureOf(() -> requiring.crossCheck(name, sample.installation())).kind())
        .isEqualTo(Kind.CORRUPT);
    assertThat(failureOf(() -> requiring.migrationReport(name, sample.installation())).kind())
        .isEqualTo(Kind.CORRUPT);
  }

  @Test
  void aSignedBackupIsVerifiedAndRestored() throws IOException {
    assertThat(requiring.find(FIRST).state()).isEqualTo(State.COMPLETE);
    assertThat(requiring.verify(FIRST).ok()).isTrue();
    assertThat(requiring.latest()).map(BackupSummary::name).contains(FIRST);
    assertThat(requiring.restore(FIRST, sample.installation(), RestoreRequest.STANDARD).name())
        .isEqualTo(FIRST);
    assertThat(backups.verify(FIRST).ok()).isTrue();
  }

  @Test
  void anUnsignedBackupIsNeverUsed() throws IOException {
    backups.create(sample.installation(), BackupRequest.named("second"));

    assertThat(requiring.find(SECOND).problem().orElseThrow()).contains("not signed");
    assertNeverUsed(SECOND);
  }

  @Test
  void aBackupByAnotherKeyIsNeverUsed() throws IOException {
    backups
        .withSigningKey(new Signers(temp).key("other"))
        .create(sample.installation(), BackupRequest.named("second"));

    assertNeverUsed(SECOND);
  }

  @Test
  void anOldBackupInThePlaceOfAnotherIsNeverUsed() throws IOException {
    stored.copy("first", "second");

    assertThat(requiring.find(SECOND).problem().orElseThrow()).contains("the backup first");
    assertNeverUsed(SECOND);
  }

  @Test
  void aBackupOfTheScriptsIsNeverUsed() throws IOException {
    stored.writeScripted("second", Instant.EPOCH);

    assertNeverUsed(SECOND);
  }

  @Test
  void aChangedByteAnywhereInTheManifestIsNoticed() throws IOException {
    byte[] manifest = stored.bytes("first/manifest.json");
    for (int i = 0; i < manifest.length; i += 13) {
      byte[] changed = manifest.clone();
      changed[i] ^= 1;
      stored.write("first/manifest.json", changed);

      assertThat(requiring.find(FIRST).state()).as("byte " + i).isEqualTo(State.DAMAGED);
    }
  }

  @Test
  void eachOtherFileOfTheFolderIsCoveredByTheSignature() throws IOException {
    signing.create(sample.installation(), BackupRequest.named("second"));
    for (String file : requiring.find(FIRST).files()) {
      if (file.equals(Manifest.FILE_NAME) || file.equals(Manifest.SIGNATURE_FILE_NAME)) {
        continue;
      }
      byte[] bytes = stored.bytes("first/" + file);
      stored.flip("first/" + file);
      assertThat(requiring.verify(FIRST).ok()).as(file).isFalse();
      stored.write("first/" + file, bytes);
    }
    assertThat(requiring.verify(FIRST).ok()).isTrue();
  }

  @Test
  void filesThatWereExchangedBetweenSignedBackupsAreNoticed() throws Exception {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement sql = db.createStatement()) {
      sql.execute("UPDATE memories SET content = 'another'");
    }
    signing.create(sample.installation(), BackupRequest.named("second"));
    stored.write("first/openmemory.db", stored.bytes("second/openmemory.db"));

    assertThat(requiring.verify(FIRST).ok()).isFalse();
    assertThat(
            failureOf(
                    () -> requiring.restore(FIRST, sample.installation(), RestoreRequest.STANDARD))
                .kind())
        .isEqualTo(Kind.CORRUPT);
  }

  @Test
  void aForgedBackupTakesNoPlaceOfASignedOneInRetention() throws IOException {
    backups.create(sample.installation(), BackupRequest.named("forged"));

    PruneReport report =
        requiring.prune(PruneRequest.by(RetentionPolicy.in(ZoneOffset.UTC).keepLast(1)));

    assertThat(report.decisions())
        .filteredOn(d -> d.outcome() == PruneReport.Outcome.REMOVED)
        .isEmpty();
    assertThat(requiring.find(FIRST).state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void syncCarriesTheSignatureAndAddsAMissingOne() throws IOException {
    InMemoryBackupTarget memory = new InMemoryBackupTarget();
    BackupTarget copy = StoredObjects.at(memory, "memory:signed");
    StoredObjects there = new StoredObjects(memory);

    backups.sync(copy, SyncRequest.STANDARD);
    assertThat(there.objects()).isEqualTo(stored.objects());
    there.remove("first/manifest.json.sig");
    SyncReport again = backups.sync(copy, SyncRequest.STANDARD);

    assertThat(again.backups())
        .extracting(SyncReport.Synced::outcome)
        .containsExactly(SyncReport.Outcome.UPDATED);
    assertThat(there.objects()).isEqualTo(stored.objects());
    assertThat(backups.sync(copy, SyncRequest.STANDARD).sentBytes()).isZero();
  }

  @Test
  void syncReplacesASignatureThatHasOtherBytesOfTheSameLength() throws IOException {
    InMemoryBackupTarget memory = new InMemoryBackupTarget();
    BackupTarget copy = StoredObjects.at(memory, "memory:signed");
    StoredObjects there = new StoredObjects(memory);
    backups.sync(copy, SyncRequest.STANDARD);
    there.flip("first/manifest.json.sig");

    SyncReport again = backups.sync(copy, SyncRequest.STANDARD);

    assertThat(again.backups())
        .extracting(SyncReport.Synced::outcome)
        .containsExactly(SyncReport.Outcome.UPDATED);
    assertThat(there.objects()).isEqualTo(stored.objects());
  }

  @Test
  void anUnsignedBackupIsNotCopiedWhereSignaturesAreRequired() throws IOException {
    backups.create(sample.installation(), BackupRequest.named("forged"));
    InMemoryBackupTarget memory = new InMemoryBackupTarget();

    SyncReport report =
        requiring.sync(StoredObjects.at(memory, "memory:required"), SyncRequest.STANDARD);

    assertThat(report.backups())
        .extracting(s -> s.name() + " " + s.outcome())
        .containsExactly("first SENT", "forged FAILED");
  }

  @Test
  void anArchiveCarriesTheSignature() throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    backups.exportArchive(FIRST, ArchiveFormat.TAR_GZ, archive);
    StoredObjects there = new StoredObjects(new InMemoryBackupTarget());

    Backups.in(there.target())
        .importArchive(new ByteArrayInputStream(archive.toByteArray()), ImportRequest.STANDARD);

    assertThat(there.objects()).isEqualTo(stored.objects());
  }

  @Test
  void anArchiveAddsASignatureThatIsMissingAndReplacesNone() throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    backups.exportArchive(FIRST, ArchiveFormat.TAR, archive);
    byte[] signature = stored.bytes("first/manifest.json.sig");
    assertThat(imported(archive)).isEqualTo(new Imported(FIRST, ImportReport.Outcome.SAME, 0, 0));

    stored.remove("first/manifest.json.sig");

    assertThat(imported(archive))
        .isEqualTo(new Imported(FIRST, ImportReport.Outcome.IMPORTED, 1, signature.length));
    assertThat(requiring.verify(FIRST).ok()).isTrue();

    stored.flip("first/manifest.json.sig");
    byte[] other = stored.bytes("first/manifest.json.sig");
    assertThat(failureOf(() -> imported(archive)).kind()).isEqualTo(Kind.ALREADY_EXISTS);
    assertThat(stored.bytes("first/manifest.json.sig")).isEqualTo(other);
  }

  private Imported imported(ByteArrayOutputStream archive) throws IOException {
    return backups
        .importArchive(new ByteArrayInputStream(archive.toByteArray()), ImportRequest.STANDARD)
        .backups()
        .get(0);
  }

  @Test
  void aDeletionLeavesNoSignature() throws IOException {
    backups.delete(FIRST);

    assertThat(stored.objects()).isEmpty();
  }

  @Test
  void exportOfMemoriesNeedsTheSignatureToo() throws IOException {
    stored.remove("first/manifest.json.sig");

    assertThat(
            failureOf(
                    () ->
                        requiring.exportMemories(
                            FIRST,
                            ExportRequest.of(ExportFormat.OPENMEMORY),
                            new ByteArrayOutputStream()))
                .kind())
        .isEqualTo(Kind.CORRUPT);
  }
}
