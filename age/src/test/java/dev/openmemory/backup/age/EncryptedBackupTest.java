package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Snapshots;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.diff.DiffRequest;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.sync.SyncRequest;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The life of an encrypted backup, with and without the key. */
class EncryptedBackupTest extends CanaryFixture {
  @Test
  void aHostWithoutTheKeyDoesAllHousekeeping() throws Exception {
    create(SECOND);
    assertThat(keyless().list()).extracting(BackupSummary::state).containsOnly(State.COMPLETE);
    VerifyReport verified = keyless().verify(FIRST);
    assertThat(verified.ok()).isTrue();
    assertThat(verified.storedBytesOnly()).isTrue();
    assertThat(keyless().pin(FIRST)).isTrue();
    assertThat(keyless().unpin(FIRST)).isTrue();

    BackupTarget copy =
        new ForwardingBackupTarget(new InMemoryBackupTarget()) {
          @Override
          public String location() {
            return "memory:copy";
          }
        };
    assertThat(keyless().sync(copy, SyncRequest.STANDARD).ok()).isTrue();
    assertThat(Backups.in(copy).verify(SECOND).ok()).isTrue();
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    keyless().exportArchive(FIRST, ArchiveFormat.TAR, archive);
    keyless().delete(FIRST);
    assertThat(keyless().list()).hasSize(1);
    keyless()
        .importArchive(new ByteArrayInputStream(archive.toByteArray()), ImportRequest.STANDARD);
    assertThat(withKey().verify(FIRST).ok()).isTrue();
  }

  @Test
  void whatNeedsTheContentNeedsTheKeyAndSaysSo() throws Exception {
    create(SECOND);
    Installation elsewhere = Installation.inFolder(temp.resolve("elsewhere"));
    Backups foreign = keyless().withDecryption(AgeFiles.by(AgeFiles.newKey()));

    for (ThrowingCallable work :
        List.<ThrowingCallable>of(
            () -> keyless().restore(FIRST, elsewhere, RestoreRequest.STANDARD),
            () -> keyless().diff(FIRST, SECOND, DiffRequest.STANDARD),
            () -> keyless().drill(FIRST, DrillRequest.STANDARD),
            () -> keyless().crossCheck(FIRST, elsewhere),
            () -> keyless().details(FIRST),
            () -> keyless().migrationReport(FIRST, elsewhere))) {
      assertFails(Kind.NO_KEY, work);
    }
    assertFails(Kind.WRONG_KEY, () -> foreign.restore(FIRST, elsewhere, RestoreRequest.STANDARD));
    assertFails(Kind.WRONG_KEY, () -> foreign.verify(FIRST));
    assertFails(Kind.WRONG_KEY, () -> foreign.details(FIRST));
    assertThat(foreign.find(FIRST).manifest()).isPresent();
    assertThat(temp.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void withTheKeyItIsRestoredAndVerifiedAsAnyOther() throws Exception {
    Path elsewhere = temp.resolve("elsewhere");
    VerifyReport verified = withKey().verify(FIRST);
    assertThat(verified.ok()).as(verified.problems().toString()).isTrue();
    assertThat(verified.storedBytesOnly()).isFalse();

    withKey().restore(FIRST, Installation.inFolder(elsewhere), RestoreRequest.STANDARD);

    assertThat(elsewhere.resolve("api/config.json"))
        .hasSameBinaryContentAs(home.resolve("api/config.json"));
    assertThat(elsewhere.resolve("api/openmemory.db")).exists();
    assertThat(elsewhere.resolve("qdrant-storage/collections/canary7/config.json"))
        .hasContent("{}");
    Manifest details = withKey().details(FIRST).manifest().orElseThrow();
    assertThat(details.component(Component.DATABASE).orElseThrow().facts().values())
        .containsKey("memories");
  }

  @Test
  void snapshotsOfARunningQdrantComeBackOnAnother() throws Exception {
    try (QdrantDouble server = QdrantDouble.start(temp.resolve("server/storage"));
        QdrantDouble other = QdrantDouble.start(temp.resolve("other/storage"))) {
      for (String collection : List.of("openmemory", CANARY)) {
        server.createCollection(collection);
        server.fill(collection, 3);
      }
      keyless()
          .withEncryption(AgeFiles.to(key))
          .create(
              Installation.at(home).withSnapshots(Snapshots.of(server.uri())),
              BackupRequest.named(SECOND.value()).withQuiesce(Quiesce.NONE));
      assertThat(keyless().find(SECOND).files()).contains("qdrant-1.snapshot.age");

      withKey()
          .restore(
              SECOND,
              Installation.at(home).withSnapshots(Snapshots.of(other.uri())),
              RestoreRequest.STANDARD);

      assertThat(other.ids(CANARY)).hasSize(3).isEqualTo(server.ids(CANARY));
    }
  }

  @Test
  void theStoreLearnsNothingOfTheContent() throws Exception {
    Manifest visible = keyless().find(FIRST).manifest().orElseThrow();
    assertThat(visible.isSealed()).isTrue();
    assertThat(visible.components()).allMatch(c -> c.facts().values().isEmpty());
    assertThat(visible.encryption().orElseThrow().recipients())
        .containsExactly(AgeFiles.recipient(key));
    assertThat(visible.files())
        .extracting(Manifest.StoredFile::name)
        .containsExactlyInAnyOrder(
            "openmemory.db.age",
            "config.json.age",
            "qdrant-storage.tar.gz.age",
            "backup-info.txt",
            "details.json.age");
    assertThat(new String(stored(FIRST.file("backup-info.txt")), StandardCharsets.UTF_8))
        .contains(AgeFiles.recipient(key))
        .contains("age -d -i KEY openmemory.db.age > openmemory.db\n")
        .contains("cp openmemory.db api/openmemory.db\n")
        .contains("tar xzf qdrant-storage.tar.gz -C");
    for (ObjectInfo object : target.list("")) {
      assertThat(object.name().toString()).doesNotContainIgnoringCase(CANARY);
      assertThat(new String(stored(object.name()), StandardCharsets.ISO_8859_1))
          .as(object.name().toString())
          .doesNotContainIgnoringCase(CANARY);
    }
  }

  @Test
  void damageIsNoticedWithoutTheKeyAndNeverRestored() throws Exception {
    for (String name :
        List.of("openmemory.db.age", "qdrant-storage.tar.gz.age", "details.json.age")) {
      byte[] intact = stored(FIRST.file(name));
      byte[] changed = intact.clone();
      changed[intact.length / 2] ^= 1;
      replace(FIRST, name, changed);

      assertThat(keyless().verify(FIRST).problems()).as(name).hasSize(1);
      assertThat(withKey().verify(FIRST).ok()).as(name).isFalse();
      assertFails(Kind.CORRUPT, this::restoreElsewhere);
      target.delete(FIRST.file(name));
      assertThat(withKey().verify(FIRST).problems()).as(name).hasSize(1);
      target.write(FIRST.file(name), out -> out.write(intact), WriteOptions.CREATE_ONLY);
    }
    restoreElsewhere();
  }

  @Test
  void aHeaderThatWasChangedIsDamageAndNotAnotherKey() throws Exception {
    for (String name : List.of("openmemory.db.age", "details.json.age")) {
      byte[] intact = stored(FIRST.file(name));
      String text = new String(intact, StandardCharsets.ISO_8859_1);
      int inWrappedKey = text.indexOf('\n', text.indexOf("-> X25519")) + 5;
      for (int at : new int[] {inWrappedKey, text.indexOf("X25519")}) {
        byte[] changed = intact.clone();
        changed[at] = (byte) (changed[at] == 'A' ? 'B' : 'A');
        replace(FIRST, name, changed);

        assertThat(withKey().verify(FIRST).problems()).as(name).isNotEmpty();
        assertFails(Kind.CORRUPT, this::restoreElsewhere);
      }
      replace(FIRST, name, intact);
    }
    restoreElsewhere();
  }

  @Test
  void aDrillThatFindsDamageRemovesTheProof() throws Exception {
    byte[] details = stored(FIRST.file("details.json.age"));
    details[details.length / 2] ^= 1;
    replace(FIRST, "details.json.age", details);
    target.write(FIRST.file(Proof.FILE_NAME), out -> out.write('{'), WriteOptions.CREATE_ONLY);

    DrillReport report = withKey().drill(FIRST, DrillRequest.STANDARD);

    assertThat(report.outcome()).isEqualTo(DrillReport.Outcome.FAILED);
    assertThat(target.stat(FIRST.file(Proof.FILE_NAME))).isEmpty();
  }

  @Test
  void whatIsThereOfADamagedBackupIsOpened() throws Exception {
    target.delete(FIRST.file("config.json.age"));

    VerifyReport verified = withKey().verify(FIRST);
    assertThat(verified.ok()).isFalse();
    assertThat(verified.storedBytesOnly()).isFalse();
    assertThat(withKey().details(FIRST).manifest().orElseThrow().isSealed()).isFalse();
    assertFails(Kind.NO_KEY, () -> keyless().details(FIRST));
    assertThat(keyless().verify(FIRST).problems()).hasSize(1);
  }

  @Test
  void aManifestOfAnotherSchemeOrWithoutDetailsIsNamed() throws Exception {
    String manifest = new String(stored(FIRST.file("manifest.json")), StandardCharsets.UTF_8);
    replaceManifest(manifest.replace("\"details.json\"", "\"other.json\""));
    assertThat(keyless().verify(FIRST).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("lists no details.json"));

    replaceManifest(manifest.replaceFirst("(\"scheme\"\\s*:\\s*)\"age\"", "$1\"pgp\""));
    assertFails(Kind.UNSUPPORTED, () -> withKey().details(FIRST));
    assertThat(keyless().verify(FIRST).ok()).isTrue();
  }

  private void replaceManifest(String text) throws IOException {
    replace(FIRST, "manifest.json", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void filesThatAStoreExchangesBetweenBackupsAreNoticed() throws Exception {
    create(SECOND);
    for (String name : List.of("details.json.age", "manifest.json")) {
      byte[] intact = stored(FIRST.file(name));
      replace(FIRST, name, stored(SECOND.file(name)));
      assertFails(Kind.CORRUPT, this::restoreElsewhere);
      replace(FIRST, name, intact);
    }
  }

  @Test
  void aStoreThatAdaptsTheManifestToAnExchangedFileIsNoticed() throws Exception {
    create(SECOND);
    String name = "openmemory.db.age";
    String manifest = new String(stored(FIRST.file("manifest.json")), StandardCharsets.UTF_8);
    String adapted = manifest.replace(digest(FIRST, name), digest(SECOND, name));
    replace(FIRST, name, stored(SECOND.file(name)));
    replace(FIRST, "manifest.json", adapted.getBytes(StandardCharsets.UTF_8));

    assertThat(keyless().verify(FIRST).ok()).isTrue();
    assertFails(Kind.CORRUPT, () -> withKey().details(FIRST));
    assertThat(withKey().verify(FIRST).ok()).isFalse();
    assertFails(Kind.CORRUPT, this::restoreElsewhere);
  }

  private String digest(BackupName backup, String file) throws BackupException {
    return keyless().find(backup).manifest().orElseThrow().files().stream()
        .filter(stored -> stored.name().equals(file))
        .map(stored -> stored.stored().sha256())
        .findFirst()
        .orElseThrow();
  }

  private void restoreElsewhere() throws BackupException {
    withKey()
        .restore(FIRST, Installation.inFolder(temp.resolve("elsewhere")), RestoreRequest.STANDARD);
  }

  private byte[] stored(ObjectName name) throws IOException {
    try (InputStream in = target.read(name, 0)) {
      return in.readAllBytes();
    }
  }

  private void replace(BackupName backup, String file, byte[] bytes) throws IOException {
    target.delete(backup.file(file));
    target.write(backup.file(file), out -> out.write(bytes), WriteOptions.CREATE_ONLY);
  }

  private static void assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).as("a failure of kind " + kind).isNotNull();
    assertThat(failure.kind()).as(failure.toString()).isEqualTo(kind);
  }
}
