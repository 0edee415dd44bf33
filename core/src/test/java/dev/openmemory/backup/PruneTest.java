package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.prune.PruneReport.Decision;
import dev.openmemory.backup.prune.PruneReport.Outcome;
import dev.openmemory.backup.prune.PruneRequest;
import dev.openmemory.backup.prune.RetentionPolicy;
import dev.openmemory.backup.prune.RetentionPolicy.Interval;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A prune removes what no rule keeps, and never more than is safe. */
class PruneTest {
  private static final Instant START = Instant.parse("2026-01-01T02:00:00Z");
  private static final RetentionPolicy POLICY = RetentionPolicy.in(ZoneOffset.UTC);
  private static final PruneRequest LAST_TWO = PruneRequest.by(POLICY.keepLast(2));

  @TempDir Path temp;
  private final InMemoryBackupTarget store = new InMemoryBackupTarget();
  private SampleInstallation sample;
  private int day;

  @BeforeEach
  void unpack() throws IOException {
    sample = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
  }

  @Test
  void theOldestGoAndEachDecisionHasItsReason() throws IOException {
    makeThree();
    PruneReport dry = prune(LAST_TWO.asDryRun());
    assertThat(outcomes(dry))
        .isEqualTo(Map.of("day1", Outcome.REMOVED, "day2", Outcome.KEPT, "day3", Outcome.KEPT));
    assertThat(names()).containsExactly("day1", "day2", "day3");

    PruneReport report = prune(LAST_TWO);
    assertThat(outcomes(report)).isEqualTo(outcomes(dry));
    assertThat(report.decisions())
        .extracting(Decision::reasons)
        .containsExactly(List.of("last 2"), List.of("last 2"), List.of("not kept by any rule"));
    assertThat(report.ok()).isTrue();
    assertThat(names()).containsExactly("day2", "day3");
    assertThat(store.list("day1/")).isEmpty();
    assertThat(store.list("run-lock")).isEmpty();
  }

  @Test
  void eachInstallationIsAGroupOfItsOwn() throws IOException {
    makeThree();
    SampleInstallation other = SampleInstallation.unpackSlimTo(temp.resolve("other"));
    backups(START).create(other.installation(), named("other"));
    prune(PruneRequest.by(POLICY.keepLast(1)));
    assertThat(names()).containsExactlyInAnyOrder("day3", "other");
  }

  @Test
  void onlyTheInstallationThatIsAskedFor() throws IOException {
    makeThree();
    SampleInstallation other = SampleInstallation.unpackSlimTo(temp.resolve("other"));
    BackupReport of = backups(START).create(other.installation(), named("other"));
    backups(START.plusSeconds(60)).create(other.installation(), named("other2"));
    prune(PruneRequest.by(POLICY.keepLast(1)).withInstallation(of.manifest().installationId()));
    assertThat(names()).containsExactlyInAnyOrder("day1", "day2", "day3", "other2");
  }

  @Test
  void damagedBackupsDoNotCount() throws IOException {
    makeThree();
    store.delete(new ObjectName("day3/openmemory.db"));
    assertThat(outcomes(prune(LAST_TWO)).values()).containsOnly(Outcome.KEPT);
    store.delete(new ObjectName("day2/openmemory.db"));
    prune(PruneRequest.by(POLICY.keepLast(1)));
    assertThat(names()).containsExactlyInAnyOrder("day1", "day3");
  }

  @Test
  void backupsWithoutAManifestGoOnlyWhenAskedFor() throws IOException {
    // Their age is that of the store, which is of today.
    makeThree();
    store.delete(new ObjectName("day1/manifest.json"));
    store.delete(new ObjectName("day2/manifest.json"));
    PruneRequest one = PruneRequest.by(POLICY.keepLast(1));
    assertThat(all().prune(one).removed()).isEmpty();
    assertThat(all().prune(one.includingUnverified()).removed()).hasSize(1);
    assertThat(names()).hasSize(2).contains("day3");
  }

  @Test
  void nothingIsRemovedWhenNothingWouldBeLeft() throws IOException {
    makeThree();
    for (PruneRequest all :
        List.of(PruneRequest.by(POLICY), PruneRequest.by(POLICY.keepTags(Set.of("no-such-tag"))))) {
      assertThatThrownBy(() -> prune(all))
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
    }
    assertThat(names()).hasSize(3);
    prune(PruneRequest.by(POLICY).allowingDeleteAll());
    assertThat(names()).isEmpty();
  }

  @Test
  void aBackupOfFewerComponentsRemovesNoneOfMore() throws IOException {
    makeThree();
    backups(START.plus(Duration.ofDays(10))).create(sample.installation(), config("config-1"));
    backups(START.plus(Duration.ofDays(11))).create(sample.installation(), config("config-2"));
    PruneReport report = prune(PruneRequest.by(POLICY.keepLast(1)));
    assertThat(names()).containsExactly("day3", "config-2");
    assertThat(report.ok()).isTrue();
  }

  @Test
  void theLastBackupThatHoldsAComponentStaysWhateverTheRulesSay() throws IOException {
    makeThree();
    backups(START.plus(Duration.ofDays(10)))
        .create(sample.installation(), config("config").withTags(Set.of("release")));
    PruneReport report = prune(PruneRequest.by(POLICY.keepTags(Set.of("release"))));
    assertThat(names()).containsExactly("day3", "config");
    assertThat(report.decisions().get(1).reasons())
        .containsExactly("the last backup that holds database");
  }

  @Test
  void backupsOfScriptsAreJudgedByTheirFiles() throws IOException {
    // Their age is that of the store, which is of today.
    makeThree();
    for (String name : List.of("day1", "day2", "day3")) {
      store.delete(new ObjectName(name + "/manifest.json"));
    }
    for (String file : List.of("openmemory.db", "qdrant-storage.tar.gz")) {
      store.delete(new ObjectName("day3/" + file));
    }
    all().prune(PruneRequest.by(POLICY.keepLast(1)).includingUnverified());
    assertThat(all().list()).anyMatch(backup -> backup.files().contains("qdrant-storage.tar.gz"));
  }

  @Test
  void oneThatShrankBlocksThePruneAlsoBehindOneOfFewerComponents() throws Exception {
    makeThree();
    backups(START.plus(Duration.ofDays(8))).create(sample.installation(), config("config-1"));
    forget(sample);
    BackupReport shrunk =
        backups(START.plus(Duration.ofDays(9))).create(sample.installation(), named("shrunk"));
    assertThat(shrunk.manifest().warnings()).extracting(Warning::code).contains(Warning.SHRUNK);
    backups(START.plus(Duration.ofDays(10))).create(sample.installation(), config("config-2"));
    assertThat(prune(LAST_TWO).warnings())
        .extracting(Warning::code)
        .containsExactly("prune-blocked");
    assertThat(names()).hasSize(6);
  }

  @Test
  void tagsKeep() throws IOException {
    backups(START).create(sample.installation(), named("release").withTags(Set.of("release")));
    makeThree();
    prune(PruneRequest.by(POLICY.keepLast(1).keepTags(Set.of("release"))));
    assertThat(names()).containsExactly("release", "day3");
  }

  @Test
  void whatIsPinnedStaysUntilItIsUnpinned() throws IOException {
    makeThree();
    BackupName first = new BackupName("day1");
    assertThat(all().pin(first)).isTrue();
    assertThat(all().pin(first)).isFalse();
    assertThat(all().find(first).state()).isEqualTo(State.COMPLETE);
    assertThat(all().verify(first).ok()).isTrue();
    assertThat(prune(LAST_TWO).removed()).isEmpty();
    assertThatThrownBy(() -> all().delete(first)).hasMessageContaining("pinned");
    assertThat(all().unpin(first)).isTrue();
    assertThat(prune(LAST_TWO).removed()).hasSize(1);
  }

  @Test
  void aBackupThatShrankIsSuspiciousAndBlocksThePrune() throws Exception {
    makeThree();
    forget(sample);
    BackupReport shrunk =
        backups(START.plus(Duration.ofDays(9))).create(sample.installation(), named("shrunk"));
    assertThat(shrunk.manifest().warnings())
        .filteredOn(w -> w.code().equals(Warning.SHRUNK))
        .singleElement()
        .satisfies(
            w ->
                assertThat(w.message())
                    .contains("much less than in backup day3")
                    .contains("memories from 58 to 0"));
    assertThat(all().find(new BackupName("shrunk")).suspicious()).isTrue();

    PruneReport blocked = prune(LAST_TWO);
    assertThat(blocked.removed()).isEmpty();
    assertThat(blocked.ok()).isFalse();
    assertThat(blocked.warnings()).extracting(Warning::code).containsExactly("prune-blocked");
    assertThat(names()).hasSize(4);

    BackupReport accepted =
        backups(START.plus(Duration.ofDays(10)))
            .create(sample.installation(), named("accepted").allowingShrunk());
    assertThat(accepted.manifest().warnings())
        .extracting(Warning::code)
        .doesNotContain(Warning.SHRUNK);
    assertThat(prune(LAST_TWO).ok()).isTrue();
    assertThat(names()).containsExactly("day3", "shrunk", "accepted");
  }

  @Test
  void whatTheStoreHoldsFastStaysWhole() throws IOException {
    makeThree();
    BackupTarget locked =
        new ForwardingBackupTarget(store) {
          @Override
          public void delete(ObjectName name) throws IOException {
            if (name.value().startsWith("day1/") && !name.fileName().equals("in-progress.json")) {
              throw new BackupException(
                  Kind.DENIED, "delete", "memory:" + name, "object is locked");
            }
            super.delete(name);
          }
        };
    PruneReport report = backups(locked, START.plus(Duration.ofDays(30))).prune(LAST_TWO);
    assertThat(outcomes(report)).containsEntry("day1", Outcome.NOT_REMOVED);
    assertThat(report.ok()).isFalse();
    assertThat(all().find(new BackupName("day1")).state()).isEqualTo(State.COMPLETE);
    assertThat(store.list("day1/in-progress")).isEmpty();
  }

  @Test
  void aBackupFromTheFutureMakesNothingElseOld() throws IOException {
    makeThree();
    backups(START.plus(Duration.ofDays(4000))).create(sample.installation(), named("future"));
    prune(PruneRequest.by(POLICY.keepWithin(Period.ofDays(7)).keep(Interval.YEAR, 1)));
    assertThat(names()).containsExactly("day1", "day2", "day3", "future");
  }

  private void makeThree() throws IOException {
    for (int i = 0; i < 3; i++) {
      day++;
      backups(START.plus(Duration.ofDays(day))).create(sample.installation(), named("day" + day));
    }
  }

  private static void forget(SampleInstallation sample) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM memories");
    }
  }

  private static BackupRequest config(String name) throws IOException {
    return BackupRequest.named(name).withOnly(Set.of("config"));
  }

  private static BackupRequest named(String name) throws IOException {
    return BackupRequest.named(name).allowingEmptyVectors();
  }

  private PruneReport prune(PruneRequest request) throws IOException {
    return backups(START.plus(Duration.ofDays(30))).prune(request);
  }

  private Backups all() {
    return Backups.in(store.reopen());
  }

  private Backups backups(Instant now) {
    return backups(store.reopen(), now);
  }

  private Backups backups(BackupTarget target, Instant now) {
    return Backups.in(target).withScratch(temp).withClock(Clock.fixed(now, ZoneOffset.UTC));
  }

  private List<String> names() throws IOException {
    return all().list().stream().map(BackupSummary::name).map(BackupName::value).toList();
  }

  private static Map<String, Outcome> outcomes(PruneReport report) {
    return report.decisions().stream()
        .collect(Collectors.toMap(d -> d.name().value(), Decision::outcome));
  }
}
