package dev.openmemory.backup.internal.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.swap.WorkArea.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapTest {
  private static final String ID = "restore-1";
  private static final List<String> DATABASE = List.of("a.db", "a.db-wal", "a.db-shm");

  @TempDir Path temporary;
  private int trees;

  /** Ends the work as a kill would: nothing after it runs, nothing is cleaned up. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final class KillAt implements Steps {
    private int left;

    KillAt(int step) {
      this.left = step;
    }

    @Override
    public void done() {
      if (left-- == 0) {
        throw new Killed();
      }
    }
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /** Whether the work ended before the kill. */
  private static boolean survives(Work work) throws IOException {
    try {
      work.run();
      return true;
    } catch (Killed e) {
      return false;
    }
  }

  private Path oldState() throws IOException {
    Path directory = Files.createDirectory(temporary.resolve("tree " + trees++ + " ü"));
    Files.writeString(directory.resolve("a.db"), "old database");
    Files.writeString(directory.resolve("a.db-wal"), "old log");
    Files.writeString(directory.resolve("config.json"), "old config");
    Files.createDirectories(directory.resolve("collections/x"));
    Files.writeString(directory.resolve("collections/x/segment"), "old vectors");
    return directory;
  }

  private static void stage(Swap swap, @Nullable List<String> names) throws IOException {
    Files.writeString(swap.staging().resolve("a.db"), "new database");
    if (names == null) {
      Files.createDirectories(swap.staging().resolve("collections/y"));
      Files.writeString(swap.staging().resolve("collections/y/segment"), "new vectors");
    }
  }

  private static Swap begin(Path directory, @Nullable List<String> names, Steps steps)
      throws IOException {
    Swap swap = Swap.begin(directory, ID, "part", names, steps);
    stage(swap, names);
    return swap;
  }

  private static Map<String, String> contentOf(Path directory) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.toList()) {
        content.put(
            directory.relativize(path).toString(),
            Files.isDirectory(path) ? "directory" : Files.readString(path));
      }
    }
    return content;
  }

  private static Map<String, String> withoutWorkArea(Path directory) throws IOException {
    Map<String, String> content = contentOf(directory);
    content.keySet().removeIf(name -> name.startsWith(Swap.WORK_AREA));
    return content;
  }

  @Test
  void aKillAtAnyStepOfApplyCanBeRolledBackToTheSameBytes() throws IOException {
    killedApplyRollsBack(DATABASE);
    killedApplyRollsBack(null);
  }

  private void killedApplyRollsBack(@Nullable List<String> names) throws IOException {
    boolean survived = false;
    for (int step = 0; !survived; step++) {
      Path directory = oldState();
      Map<String, String> before = contentOf(directory);
      Swap swap = begin(directory, names, new KillAt(step));
      survived = survives(swap::apply);

      Swap.resume(directory, ID, "part").orElseThrow().rollback();

      assertThat(contentOf(directory)).as("kill after step %d", step).isEqualTo(before);
      assertThat(Swap.resume(directory, ID, "part")).isEmpty();
      assertThat(step).isLessThan(100);
    }
  }

  @Test
  void aKillAtAnyStepOfRollbackCanBeRolledBackAgain() throws IOException {
    killedRollbackRollsBack(DATABASE, false);
    killedRollbackRollsBack(null, false);
    killedRollbackRollsBack(DATABASE, true);
  }

  private void killedRollbackRollsBack(@Nullable List<String> names, boolean halfApplied)
      throws IOException {
    boolean survived = false;
    for (int step = 0; !survived; step++) {
      Path directory = oldState();
      Map<String, String> before = contentOf(directory);
      Swap applied = begin(directory, names, halfApplied ? new KillAt(4) : () -> {});
      assertThat(survives(applied::apply)).isEqualTo(!halfApplied);
      Swap rolling = Swap.resume(directory, ID, "part", new KillAt(step)).orElseThrow();
      survived = survives(rolling::rollback);

      Swap again = Swap.resume(directory, ID, "part").orElse(null);
      if (again != null) {
        again.rollback();
      }

      assertThat(contentOf(directory)).as("kill after step %d", step).isEqualTo(before);
      assertThat(step).isLessThan(100);
    }
  }

  @Test
  void aKillAtAnyStepOfCommitCanBeCommittedAgain() throws IOException {
    for (boolean discard : new boolean[] {true, false}) {
      boolean survived = false;
      for (int step = 0; !survived; step++) {
        Path directory = oldState();
        Swap swap = begin(directory, null, () -> {});
        swap.apply();
        Swap committing = Swap.resume(directory, ID, "part", new KillAt(step)).orElseThrow();
        survived = survives(() -> committing.commit(discard));

        Swap again = Swap.resume(directory, ID, "part").orElse(null);
        if (again != null) {
          again.commit(discard);
        }

        assertThat(withoutWorkArea(directory))
            .as("kill after step %d", step)
            .containsEntry("a.db", "new database")
            .containsEntry("collections/y/segment", "new vectors")
            .doesNotContainKeys("config.json", "collections/x");
        Path previous = directory.resolve(Swap.WORK_AREA + "/previous/" + ID + "-part");
        assertThat(Files.exists(previous)).isEqualTo(!discard);
        if (!discard) {
          assertThat(contentOf(previous)).containsEntry("collections/x/segment", "old vectors");
        }
        assertThat(step).isLessThan(100);
      }
    }
  }

  @Test
  void theStateFromBeforeIsKeptWhereCommitSays() throws IOException {
    Path directory = oldState();
    Swap swap = begin(directory, DATABASE, () -> {});
    swap.apply();

    Path previous = swap.commit(false).orElseThrow();
    swap.close();

    assertThat(contentOf(previous))
        .containsOnlyKeys("", "a.db", "a.db-wal")
        .containsEntry("a.db", "old database");
    assertThat(withoutWorkArea(directory))
        .containsEntry("a.db", "new database")
        .containsEntry("config.json", "old config")
        .doesNotContainKey("a.db-wal");
    assertThat(Swap.resume(directory, ID, "part")).isEmpty();
    assertThat(swap.commit(false)).contains(previous);
  }

  @Test
  void nothingIsKeptWhenNothingWasThere() throws IOException {
    Path directory = temporary.resolve("a/b");
    Swap swap = begin(directory, null, () -> {});
    swap.apply();

    assertThat(swap.commit(false)).isEmpty();
    assertThat(contentOf(directory))
        .containsOnlyKeys("", "a.db", "collections", "collections/y", "collections/y/segment");
  }

  @Test
  void aDirectoryThatWasMissingIsGoneAgainAfterRollback() throws IOException {
    Path directory = temporary.resolve("fresh");
    Swap swap = begin(directory, null, () -> {});
    swap.apply();
    swap.rollback();
    swap.rollback();

    assertThat(directory).doesNotExist();
  }

  @Test
  void closeBeforeApplyLeavesNothingAndAfterApplyUndoesNothing() throws IOException {
    Path directory = oldState();
    Map<String, String> before = contentOf(directory);
    begin(directory, null, () -> {}).close();
    assertThat(contentOf(directory)).isEqualTo(before);

    Swap applied = begin(directory, null, () -> {});
    applied.apply();
    applied.close();
    assertThat(withoutWorkArea(directory)).containsEntry("a.db", "new database");
    Swap.resume(directory, ID, "part").orElseThrow().rollback();
    assertThat(contentOf(directory)).isEqualTo(before);
  }

  @Test
  void whatAnApplicationCreatedAfterApplyIsGoneAfterRollback() throws IOException {
    Path directory = oldState();
    Map<String, String> before = contentOf(directory);
    Swap swap = begin(directory, DATABASE, () -> {});
    swap.apply();
    Files.writeString(directory.resolve("a.db-shm"), "of the restored database");
    Files.writeString(directory.resolve("a.db-wal"), "of the restored database");

    swap.rollback();

    assertThat(contentOf(directory)).isEqualTo(before);
  }

  @Test
  void whatAnApplicationCreatedWhereTheOldEntryIsMissingDoesNotHinderRollback() throws IOException {
    Path directory = oldState();
    Map<String, String> before = contentOf(directory);
    Swap swap = begin(directory, DATABASE, new KillAt(1));
    assertThat(survives(swap::apply)).isFalse();
    Files.writeString(directory.resolve("a.db"), "empty database of an application");

    Swap.resume(directory, ID, "part").orElseThrow().rollback();

    assertThat(contentOf(directory)).isEqualTo(before);
  }

  @Test
  void anEntryThatAppearsDuringApplyIsNotOverwritten() throws IOException {
    Path directory = oldState();
    Map<String, String> before = contentOf(directory);
    Steps intruder = () -> Files.writeString(directory.resolve("a.db"), "intruder");
    Swap swap = begin(directory, List.of("a.db"), intruder);

    assertThatThrownBy(swap::apply)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
        .hasMessageContaining("while the restore ran");
    Swap.resume(directory, ID, "part").orElseThrow().rollback();

    // The first step is the journal: there the intruder replaced the old bytes before any move.
    before.put("a.db", "intruder");
    assertThat(contentOf(directory)).isEqualTo(before);
  }

  @Test
  void anUnknownIdHasNothingToResume() throws IOException {
    Path directory = oldState();
    Swap swap = begin(directory, null, () -> {});

    assertThat(Swap.resume(directory, "restore-2", "part")).isEmpty();
    assertThat(Swap.resume(directory, ID, "other")).isEmpty();
    assertThat(Swap.resume(directory.resolve("missing"), ID, "part")).isEmpty();
    swap.close();
  }

  @Test
  void twoPartsOfOneRestoreShareADirectory() throws IOException {
    Path directory = oldState();
    Swap database = Swap.ofEntries(directory, ID, "database", DATABASE);
    Swap config = Swap.ofEntries(directory, ID, "config", List.of("config.json"));
    Files.writeString(database.staging().resolve("a.db"), "new database");
    Files.writeString(config.staging().resolve("config.json"), "new config");
    database.apply();
    config.apply();

    config.rollback();
    database.commit(true);

    assertThat(contentOf(directory))
        .containsEntry("a.db", "new database")
        .containsEntry("config.json", "old config")
        .doesNotContainKey(Swap.WORK_AREA);
  }

  @Test
  void theSameIdCannotBeginTwice() throws IOException {
    Path directory = oldState();
    Swap swap = begin(directory, DATABASE, () -> {});

    assertThatThrownBy(() -> begin(directory, DATABASE, () -> {}))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ALREADY_EXISTS));
    swap.close();
  }

  @Test
  void aStagedNameThatIsNotReplacedIsRefusedBeforeAnythingMoves() throws IOException {
    Path directory = oldState();
    Map<String, String> before = contentOf(directory);
    Swap entries = begin(directory, DATABASE, () -> {});
    Files.writeString(entries.staging().resolve("config.json"), "not asked for");
    assertThatThrownBy(entries::apply).isInstanceOf(BackupException.class);
    entries.close();

    Swap everything = begin(directory, null, () -> {});
    Files.createDirectory(everything.staging().resolve(Swap.WORK_AREA));
    assertThatThrownBy(everything::apply).isInstanceOf(BackupException.class);
    everything.close();

    assertThat(contentOf(directory)).isEqualTo(before);
  }

  @Test
  void aWorkAreaThatIsALinkIsRefused() throws IOException {
    Path directory = oldState();
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createSymbolicLink(directory.resolve(Swap.WORK_AREA), elsewhere);

    assertThatThrownBy(() -> begin(directory, DATABASE, () -> {}))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void commitEndsTheWayBack() throws IOException {
    Swap swap = begin(oldState(), DATABASE, () -> {});
    assertThatThrownBy(() -> swap.commit(false)).isInstanceOf(IllegalStateException.class);
    swap.apply();
    swap.commit(true);

    assertThatThrownBy(swap::rollback)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_ROLLED_BACK));
  }

  @Test
  void theDirectoryKeepsItsIdentityAndOnlyTheOwnerSeesTheWorkArea() throws IOException {
    Path directory = oldState();
    Object inode = Files.getAttribute(directory, "unix:ino");
    Swap swap = begin(directory, null, () -> {});

    for (String folder : List.of("", "/" + ID + "-part", "/" + ID + "-part/new")) {
      Path area = directory.resolve(Swap.WORK_AREA + folder);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(area)))
          .isEqualTo("rwx------");
    }
    swap.apply();
    swap.commit(true);
    assertThat(Files.getAttribute(directory, "unix:ino")).isEqualTo(inode);
  }
}
