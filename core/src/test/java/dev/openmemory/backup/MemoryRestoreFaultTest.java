package dev.openmemory.backup;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupEvent.LeftoverHandled;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import dev.openmemory.backup.sample.LiveMemories;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows and points of memories are changed together or not at all. */
class MemoryRestoreFaultTest extends MemoryRestoreFixture {
  private static final String PUT = "PUT /collections/openmemory/points.*";

  private List<String> deletedMemories;
  private Map<String, String> leftPoints;

  @BeforeEach
  void deleteSome() throws Exception {
    live.delete(ids.get(0));
    live.delete(ids.get(1));
    live.edit(ids.get(2), "changed");
    live.put(List.of(LiveMemories.point(ids.get(2), "changed")));
    deletedMemories = live.memories();
    leftPoints = live.points();
  }

  private MemoryRestoreReport restore(Runnable meanwhile) throws BackupException {
    return restore(request(ids.get(0), ids.get(1), ids.get(2)).overwriting(), meanwhile);
  }

  private void assertNothingIsChanged() throws Exception {
    assertThat(live.memories()).isEqualTo(deletedMemories);
    assertThat(live.points()).isEqualTo(leftPoints);
    assertThat(live.home().resolve(".openmemory-backup/memories")).doesNotExist();
  }

  @Test
  void aServerThatReportsSuccessAndDoesNothingIsNoticed() throws Exception {
    live.qdrant().refuse(PUT, 1, 200, "completed");
    assertThat(failureOf(() -> restore(() -> {})))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.ROLLED_BACK))
        .hasMessageContaining("the server reported success, but point");
    assertNothingIsChanged();
    restore(() -> {});
    assertAllIsAsBefore();
  }

  @ParameterizedTest
  @CsvSource({"400, bad vector", "507, no space left on device", "500, panic", "403, read only"})
  void aServerThatRefusesLeavesAllAsItWas(int status, String words) throws Exception {
    live.qdrant().refuse(PUT, 1, status, words);
    assertThat(failureOf(() -> restore(() -> {})))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.ROLLED_BACK))
        .hasMessageContaining(words);
    assertNothingIsChanged();
  }

  @Test
  void aRequestThatIsCarriedOutWithoutAnAnswerIsTakenBack() throws Exception {
    live.qdrant().lose(PUT, 1, Duration.ZERO);
    assertThat(failureOf(() -> restore(() -> {})).kind()).isEqualTo(Kind.ROLLED_BACK);
    assertNothingIsChanged();
  }

  @Test
  void aServerThatIsGoneIsPutInOrderByTheNextCall() throws Exception {
    live.qdrant()
        .before(
            "POST /collections/openmemory/points",
            () ->
                live.qdrant()
                    .before(
                        PUT,
                        () ->
                            live.qdrant()
                                .before(
                                    "POST /collections/openmemory/points",
                                    () -> live.qdrant().refuse(".*", 1000, 503, "overloaded"))));
    assertThat(failureOf(() -> restore(() -> {})))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.NOT_ROLLED_BACK))
        .hasMessageContaining("overloaded")
        .hasMessageContaining("The next 'backup', 'memories restore' or 'repair' takes them back");
    live.qdrant().clearFaults();
    assertThat(live.memories()).isEqualTo(deletedMemories);
    assertThat(live.points()).isNotEqualTo(leftPoints);

    List<String> handled = new ArrayList<>();
    Backups next =
        backups.withListener(
            event -> {
              if (event instanceof LeftoverHandled left) {
                handled.add(left.toString());
              }
            });
    next.restoreMemories(FIRST, live.installation(), request(ids.get(5)), dialog(() -> {}));

    assertThat(handled).hasSize(1);
    assertThat(handled.get(0)).contains("took back changes of memories");
    assertNothingIsChanged();
  }

  @Test
  void aDatabaseThatStaysLockedLeavesAllAsItWas() throws Exception {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + live.database().file());
        Statement sql = db.createStatement()) {
      assertThat(failureOf(() -> restore(() -> run(sql, "BEGIN IMMEDIATE"))))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED))
          .hasMessageContaining("another process held its lock");
      sql.execute("ROLLBACK");
    }
    assertNothingIsChanged();
  }

  private static void run(Statement statement, String sql) {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRowThatAnotherProgramHasChangedSinceTheQuestionEndsTheRestore() throws Exception {
    assertThat(failureOf(() -> restore(() -> edit(ids.get(1)))))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.ROLLED_BACK))
        .hasMessageContaining(ids.get(1).toString())
        .hasMessageContaining("another program has changed it");
    assertThat(live.points()).isEqualTo(leftPoints);
    assertThat(live.memories())
        .filteredOn(row -> !deletedMemories.contains(row))
        .singleElement()
        .asString()
        .contains("edited meanwhile");
  }

  private void edit(UUID id) {
    try {
      live.edit(id, "edited meanwhile");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPointThatAnotherProgramHasPutSinceTheQuestionStays() throws Exception {
    Runnable put = () -> put(ids.get(1), "by an assistant");
    assertThat(failureOf(() -> restore(put)).kind()).isEqualTo(Kind.ROLLED_BACK);
    assertThat(live.memories()).isEqualTo(deletedMemories);
    Map<String, String> now = live.points();
    assertThat(now.remove(ids.get(1).toString())).contains("by an assistant");
    assertThat(now).isEqualTo(leftPoints);
  }

  private void put(UUID id, String data) {
    try {
      live.put(List.of(LiveMemories.point(id, data)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void cancellingTakesAllBack() throws Exception {
    Cancellation cancellation = new Cancellation();
    live.qdrant().before(PUT, cancellation::cancel);
    Backups cancelled = backups.withCancellation(cancellation);
    assertThat(
            failureOf(
                    () ->
                        cancelled.restoreMemories(
                            FIRST, live.installation(), request(ids.get(0)), dialog(() -> {})))
                .kind())
        .isEqualTo(Kind.CANCELLED);
    assertNothingIsChanged();
  }

  @Test
  void anInterruptTakesAllBack() throws Exception {
    Thread caller = Thread.currentThread();
    live.qdrant().before(PUT, caller::interrupt);
    BackupException failure = failureOf(() -> restore(() -> {}));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
    assertNothingIsChanged();
  }

  /** Full from one of the changes of the home on. SQLite has its own way to the disk. */
  @Test
  void aDiskThatGetsFullAnywhereLeavesAllAsItWas() throws Exception {
    int failed = 0;
    boolean full = true;
    for (int at = 0; full; at++) {
      try (WatchedDisk disk = WatchedDisk.over(temp.resolve("openmemory"))) {
        int last = at;
        AtomicInteger changes = new AtomicInteger();
        disk.beforeEachChange(() -> disk.fill(changes.getAndIncrement() >= last));
        Installation installation =
            new Installation(
                disk.path(), live.installation().parts(), live.installation().writers());
        try {
          backups.restoreMemories(
              FIRST,
              installation,
              request(ids.get(0), ids.get(1), ids.get(2)).overwriting(),
              dialog(() -> {}));
          full = false;
        } catch (BackupException e) {
          assertThat(e.kind()).as("at change %d: %s", at, e).isIn(Kind.NO_SPACE, Kind.ROLLED_BACK);
          assertThat(e).hasMessageContaining("No space left on device");
          failed++;
          assertThat(live.memories()).as("at change %d", at).isEqualTo(deletedMemories);
          assertThat(live.points()).as("at change %d", at).isEqualTo(leftPoints);
          assertThat(live.home().resolve(".openmemory-backup/memories.json")).doesNotExist();
          assertThat(backups.setAside(live.installation())).as("at change %d", at).isEmpty();
        }
      }
    }
    assertThat(failed).isGreaterThan(3);
    assertAllIsAsBefore();
  }

  /** Each state in which the process may be killed, as the next call finds it. */
  @Test
  void aProcessThatEndsAnywhereLeavesRowsAndPointsTogether() throws Exception {
    Moments moments = new Moments();
    moments.record();
    int completed = 0;
    int takenBack = 0;
    for (Path moment : moments.all) {
      LiveMemories then = moments.begin(moment);
      try (then) {
        MemoryRestoreReport report =
            backups.restoreMemories(
                FIRST, then.installation(), request(ids.get(5)), dialog(() -> {}));
        assertThat(report.actions()).containsExactly(Map.entry(Action.NOTHING, 1L));
        boolean after = then.memories().equals(memories);
        assertThat(then.memories()).isEqualTo(after ? memories : deletedMemories);
        assertThat(then.points()).isEqualTo(after ? points : leftPoints);
        assertThat(then.home().resolve(".openmemory-backup/memories.json")).doesNotExist();
        completed += after ? 1 : 0;
        takenBack += after ? 0 : 1;
      }
    }
    assertThat(completed).isGreaterThan(1);
    assertThat(takenBack).isGreaterThan(4);
  }

  /** Copies of all that a restore changes, made at each of its steps. */
  private final class Moments {
    private final List<Path> all = new ArrayList<>();

    void record() throws Exception {
      for (String request : List.of("POST /collections/openmemory/points", PUT)) {
        observe(request);
      }
      backups =
          backups.withListener(
              event -> {
                if (event instanceof BackupEvent.PhaseStarted started
                    && (started.phase() == Phase.APPLY || started.phase() == Phase.COMMIT)) {
                  copyUnchecked();
                }
              });
      restore(() -> {});
      assertAllIsAsBefore();
      live.qdrant().clearFaults();
      backups = backups.withListener(BackupListener.NONE);
      copy();
    }

    /** Before each such request. */
    private void observe(String request) {
      live.qdrant()
          .before(
              request,
              () -> {
                copyUnchecked();
                observe(request);
              });
    }

    private void copyUnchecked() {
      try {
        copy();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private void copy() throws IOException {
      Path copy = temp.resolve("moment-" + all.size());
      copyTree(live.home(), copy);
      all.add(copy);
    }

    private LiveMemories begin(Path moment) throws IOException {
      return LiveMemories.over(new SampleInstallation(moment));
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var tree = Files.walk(from)) {
      for (Path each : tree.toList()) {
        Path copy = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(each, copy);
        }
      }
    }
  }
}
