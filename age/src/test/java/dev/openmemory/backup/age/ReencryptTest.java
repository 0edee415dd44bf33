package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.testkit.FaultPlan;
import dev.openmemory.backup.testkit.FaultPlan.Verb;
import dev.openmemory.backup.testkit.FaultyBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A backup gets other keys as another backup; the first one stays as it was. */
class ReencryptTest extends CanaryFixture {
  private final KeyFile other = AgeFiles.newKey();

  private Backups changing(BackupTarget in) throws BackupException {
    return Backups.in(in).withDecryption(AgeFiles.by(key)).withEncryption(AgeFiles.to(other));
  }

  private Backups withOther() throws BackupException {
    return keyless().withDecryption(AgeFiles.by(other));
  }

  private static Map<String, Manifest.Digest> plainDigests(BackupSummary backup) {
    return backup.manifest().orElseThrow().files().stream()
        .filter(file -> file.name().matches("(openmemory|config|qdrant).*"))
        .collect(Collectors.toMap(StoredFile::plainName, StoredFile::plain));
  }

  @Test
  void theNewBackupHasTheSameContentForTheOtherKeyAlone() throws Exception {
    BackupReport report = changing(target).reencrypt(FIRST, SECOND);

    assertThat(report.manifest().name()).isEqualTo("second");
    assertThat(withOther().verify(SECOND).ok()).isTrue();
    assertThat(withOther().verify(SECOND).storedBytesOnly()).isFalse();
    BackupSummary before = withKey().details(FIRST);
    BackupSummary after = withOther().details(SECOND);
    assertThat(plainDigests(after)).isEqualTo(plainDigests(before)).isNotEmpty();
    assertThat(after.created()).isEqualTo(before.created());
    assertThat(after.manifest().orElseThrow().component(Component.DATABASE))
        .isEqualTo(before.manifest().orElseThrow().component(Component.DATABASE));
    assertThat(catchThrowableOfType(BackupException.class, () -> withKey().verify(SECOND)).kind())
        .isEqualTo(Kind.WRONG_KEY);
    assertThat(withKey().verify(FIRST).ok()).isTrue();
  }

  @Test
  void aPlainBackupCanBeEncryptedAfterwards() throws Exception {
    BackupName plain = new BackupName("plain");
    keyless()
        .create(
            Installation.at(home).withStorage(home.resolve("storage")),
            BackupRequest.named("plain").withQuiesce(Quiesce.NONE));

    changing(target).reencrypt(plain, SECOND);

    assertThat(withOther().verify(SECOND).ok()).isTrue();
    assertThat(plainDigests(withOther().details(SECOND)))
        .isEqualTo(plainDigests(keyless().find(plain)));
    for (ObjectInfo object : target.list("second/")) {
      try (InputStream in = target.read(object.name(), 0)) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
            .as(object.name().value())
            .doesNotContain(CANARY);
      }
    }
  }

  @Test
  void noByteIsWrittenToTheTemporaryFolder() throws Exception {
    Path scratch = Files.createDirectory(temp.resolve("scratch"));
    List<Path> seen = new ArrayList<>();
    BackupTarget looking =
        new ForwardingBackupTarget(target) {
          @Override
          public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
              throws IOException {
            ObjectInfo written = super.write(name, content, options);
            try (Stream<Path> files = Files.walk(scratch)) {
              files
                  .filter(Files::isRegularFile)
                  .filter(file -> !file.endsWith("in-use.lock"))
                  .forEach(seen::add);
            }
            return written;
          }
        };

    changing(looking).withScratch(scratch).reencrypt(FIRST, SECOND);

    assertThat(seen).isEmpty();
    assertThat(scratch).isEmptyDirectory();
  }

  private InMemoryBackupTarget copied() throws IOException {
    InMemoryBackupTarget copy = new InMemoryBackupTarget();
    for (ObjectInfo object : target.list("")) {
      try (InputStream in = target.read(object.name(), 0)) {
        byte[] bytes = in.readAllBytes();
        copy.write(object.name(), out -> out.write(bytes), WriteOptions.CREATE_ONLY);
      }
    }
    return copy;
  }

  @Test
  void anEndAtAnyCallLeavesTheFirstBackupAndTheSecondWholeOrNotListed() throws Exception {
    boolean ended = true;
    int listed = 0;
    for (int calls = 0; ended; calls++) {
      InMemoryBackupTarget store = copied();
      ended = ends(new GoneFrom(store, calls));

      assertThat(Backups.in(store).withDecryption(AgeFiles.by(key)).verify(FIRST).ok()).isTrue();
      List<BackupSummary> all = Backups.in(store).list();
      assertThat(all).extracting(BackupSummary::state).containsOnly(State.COMPLETE);
      if (all.size() > 1) {
        listed++;
        Backups second = Backups.in(store).withDecryption(AgeFiles.by(other));
        assertThat(second.verify(SECOND).ok()).as("after %s calls", calls).isTrue();
      }
      assertThat(calls).isLessThan(500);
    }
    assertThat(listed).isPositive();
  }

  private boolean ends(BackupTarget store) throws BackupException {
    try {
      changing(store).reencrypt(FIRST, SECOND);
      return false;
    } catch (BackupException e) {
      return true;
    }
  }

  @Test
  void aDamagedBackupIsNotCopied() throws Exception {
    for (ObjectInfo object : target.list("first/")) {
      BackupName to = new BackupName("to-" + object.name().fileName());
      FaultPlan flip = FaultPlan.on(Verb.READ).named(object.name().value()).flipBit().times(1000);
      FaultyBackupTarget faulty = new FaultyBackupTarget(target, flip);
      boolean used = !object.name().value().endsWith("backup-info.txt");

      BackupException failure =
          catchThrowableOfType(BackupException.class, () -> changing(faulty).reencrypt(FIRST, to));

      if (used) {
        assertThat(failure).as(object.name().value()).isNotNull();
        assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
        assertThat(target.list(to + "/")).isEmpty();
      }
    }
  }

  @Test
  void whatTheStoreKeepsWronglyIsFoundAndRemoved() throws Exception {
    FaultPlan flip = FaultPlan.on(Verb.WRITE).named("second/config.json.age").flipBit();
    FaultyBackupTarget faulty = new FaultyBackupTarget(target, flip);

    assertThat(failure(() -> changing(faulty).reencrypt(FIRST, SECOND))).isEqualTo(Kind.CORRUPT);

    faulty.verifyAllFired();
    assertThat(target.list("second/")).isEmpty();
    assertThat(withKey().verify(FIRST).ok()).isTrue();
  }

  @Test
  void aTakenNameAMissingKeyAndNoPublicKeyAreRefused() throws Exception {
    assertThat(failure(() -> changing(target).reencrypt(FIRST, FIRST)))
        .isEqualTo(Kind.ALREADY_EXISTS);
    assertThat(failure(() -> withKey().reencrypt(FIRST, SECOND))).isEqualTo(Kind.INVALID);
    Backups keyless = keyless().withEncryption(AgeFiles.to(other));
    assertThat(failure(() -> keyless.reencrypt(FIRST, SECOND))).isEqualTo(Kind.NO_KEY);
    assertThat(target.list("second/")).isEmpty();
  }

  private static Kind failure(ThrowingCallable work) {
    return catchThrowableOfType(BackupException.class, work).kind();
  }
}
