package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.sample.AtPhase;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.testconditions.Mount;
import dev.openmemory.backup.testconditions.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A slow target does not prolong the pause, as what is live is copied first. */
class SpooledBackupTest extends WitnessedBackupFixture {
  private static final BackupRequest SPOOLED =
      BackupRequest.STANDARD.withName(new BackupName("spooled"));

  @Test
  void whatIsLiveIsReadWhileWritersAreHeldAndStoredWhenTheyRunAgain() throws IOException {
    backups.create(sample.installation(), SPOOLED);

    assertThat(writers.logged())
        .containsExactly(
            "pause a-page",
            "pause b-api",
            "pause c-store",
            "capture live: paused/stopped",
            "capture detached: paused/stopped",
            "read live: paused/stopped",
            "resume c-store",
            "resume b-api",
            "resume a-page",
            "close control",
            "check detached: paused/running/stopped",
            "store live.bin.gz: paused/running/stopped",
            "store detached.bin.gz: paused/running/stopped",
            "read detached: paused/running/stopped");
    assertThat(target.whileHeld()).isEmpty();
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void theBackupIsTheSameAsWithoutTheCopy() throws IOException {
    BackupReport plain =
        backups.create(sample.installation(), BackupRequest.named("plain").streamed());
    BackupReport spooled = backups.create(sample.installation(), SPOOLED);

    assertThat(spooled.manifest().components()).isEqualTo(plain.manifest().components());
    for (String file : new String[] {"live.bin.gz", "detached.bin.gz"}) {
      assertThat(stored(spooled, file)).isEqualTo(stored(plain, file));
      assertThat(stored.bytes("spooled/" + file)).isEqualTo(stored.bytes("plain/" + file));
    }
    assertThat(backups.verify(new BackupName("spooled")).problems()).isEmpty();
  }

  @Test
  void theBackupIsOfTheTimeOfTheHoldAlsoWhenDataChangesBeforeItIsStored() throws IOException {
    byte[] before = Files.readAllBytes(sample.data("live"));
    Backups changing =
        backups.withListener(new AtPhase(Phase.RESUME, "writers", () -> sample.fill(2)));
    BackupReport report = changing.create(sample.installation(), SPOOLED);

    assertThat(Files.readAllBytes(sample.data("live"))).isNotEqualTo(before);
    assertThat(stored(report, "live.bin.gz").plain().size()).isEqualTo(before.length);
    sample.fill(1);
    BackupReport plain = backups.create(sample.installation(), BackupRequest.named("plain"));
    assertThat(stored(report, "live.bin.gz")).isEqualTo(stored(plain, "live.bin.gz"));
  }

  @Test
  void whatTheTemporaryFolderDoesNotTakeGoesToTheTargetWhileWritersAreHeldWithAWarning()
      throws IOException {
    AtPhase inTheWay =
        new AtPhase(
            Phase.SPOOL,
            "live",
            () -> {
              try (Stream<Path> runs = Files.list(temp.resolve("scratch"))) {
                Files.createFile(runs.findFirst().orElseThrow().resolve("spool-live-live.bin"));
              }
            });
    BackupReport report = backups.withListener(inTheWay).create(sample.installation(), SPOOLED);

    assertWasSentWhileWritersWereHeld(report);
  }

  @Test
  @Tag("services")
  void moreThanHalfOfTheFreeSpaceIsNotTaken() throws IOException {
    try (Mount disk = Mount.tmpfs(Files.createDirectory(temp.resolve("disk")), "size=4m")) {
      byte[] noise = new byte[2560 << 10];
      Seeds.random().nextBytes(noise);
      Files.write(sample.data("live"), noise);

      BackupReport report =
          backups.withScratch(disk.place()).create(sample.installation(), SPOOLED);

      assertWasSentWhileWritersWereHeld(report);
      assertThat(report.manifest().warnings().toString()).contains("takes more than");
      assertThat(disk.place()).isEmptyDirectory();
    }
  }

  private void assertWasSentWhileWritersWereHeld(BackupReport report) throws IOException {
    assertThat(report.manifest().warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.code()).isEqualTo("not-spooled"));
    assertThat(writers.logged())
        .containsSubsequence(
            "store live.bin.gz: paused/stopped", "read live: paused/stopped", "resume a-page");
    assertThat(backups.verify(new BackupName("spooled")).problems()).isEmpty();
    assertThat(sample.runsAsBefore()).isTrue();
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void whatOnlyLooksLargerThanTheTemporaryFolderIsCopied() throws IOException {
    writers.turnOn("live.looks-huge");

    BackupReport report = backups.create(sample.installation(), SPOOLED);

    assertThat(report.manifest().warnings()).isEmpty();
    assertThat(target.whileHeld()).isEmpty();
  }

  @Test
  void whatCannotBeRemovedAfterTheManifestIsAWarningAndTheBackupIsListed() throws IOException {
    writers.turnOn("live.refuses-close");
    List<BackupEvent> events = new ArrayList<>();

    BackupReport report = backups.withListener(events::add).create(sample.installation(), SPOOLED);

    assertThat(report.lateWarnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo("not-cleaned-up");
              assertThat(warning.message()).contains("live.refuses-close");
              assertThat(events).contains(new BackupEvent.WarningRaised(warning));
            });
    assertThat(report.manifest().warnings()).isEmpty();
    assertIsWhole("spooled");
  }

  @Test
  void whatTheTargetDoesNotDeleteAfterTheManifestIsAWarningAndTheBackupIsListed()
      throws IOException {
    // A lock that is kept holds up each later backup, so it comes last.
    for (Map.Entry<String, String> each :
        List.of(Map.entry("first", "first/in-progress"), Map.entry("second", "run-lock_"))) {
      String kept = each.getValue();
      BackupTarget keeping =
          new ForwardingBackupTarget(target) {
            @Override
            public void delete(ObjectName name) throws IOException {
              if (name.value().startsWith(kept)) {
                throw new BackupException(Kind.DENIED, "delete", name.value(), "is kept");
              }
              super.delete(name);
            }
          };

      BackupReport report =
          Backups.in(keeping).create(sample.installation(), BackupRequest.named(each.getKey()));

      assertThat(report.lateWarnings())
          .as(kept)
          .singleElement()
          .satisfies(warning -> assertThat(warning.message()).contains(kept));
      assertIsWhole(each.getKey());
    }
  }

  private void assertIsWhole(String named) throws IOException {
    BackupName name = new BackupName(named);
    assertThat(backups.find(name).manifest()).isPresent();
    assertThat(backups.verify(name).problems()).isEmpty();
    assertThat(sample.runsAsBefore()).isTrue();
  }

  @Test
  void aCopyThatFailsLeavesNothingAndNoWriterHeld() throws IOException {
    writers.turnOn("live.refuses-read");
    BackupException failure = failureOf(() -> backups.create(sample.installation(), SPOOLED));

    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(sample.runsAsBefore()).isTrue();
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
    assertThat(target.list("spooled/")).isEmpty();
  }

  private static StoredFile stored(BackupReport report, String file) {
    return report.manifest().files().stream()
        .filter(stored -> stored.name().equals(file))
        .findFirst()
        .orElseThrow();
  }
}
