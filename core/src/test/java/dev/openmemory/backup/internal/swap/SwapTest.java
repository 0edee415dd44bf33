package dev.openmemory.backup.internal.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapTest {
  private static final String ID = "restore-1";
  private static final List<String> DATABASE = List.of("a.db", "a.db-wal", "a.db-shm");

  @TempDir Path temporary;
  private int trees;

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

  private static Swap begin(Path directory, @Nullable List<String> names) throws IOException {
    Swap swap =
        names == null
            ? Swap.ofEverything(directory, ID, "part")
            : Swap.ofEntries(directory, ID, "part", names);
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
  void theStateFromBeforeIsKeptWhereCommitSays() throws IOException {
    Path directory = oldState();
    Swap swap = begin(directory, DATABASE);
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
    Swap swap = begin(directory, null);
    swap.apply();

    assertThat(swap.commit(false)).isEmpty();
    assertThat(contentOf(directory))
        .containsOnlyKeys("", "a.db", "collections", "collections/y", "collections/y/segment");
  }

  @Test
  void aDirectoryThatWasMissingIsGoneAgainAfterRollback() throws IOException {
    Path directory = temporary.resolve("fresh");
    Swap swap = begin(directory, null);
    swap.apply();
    swap.rollback();
    swap.rollback();

    assertThat(directory).doesNotExist();
  }

  @Test
  void closeBeforeApplyLeavesNothingAndAfterApplyUndoesNothing() throws IOException {
    Path directory = oldState();
    Map<String, String> before = contentOf(directory);
    begin(directory, null).close();
    assertThat(contentOf(directory)).isEqualTo(before);

    Swap applied = begin(directory, null);
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
    Swap swap = begin(directory, DATABASE);
    swap.apply();
    Files.writeString(directory.resolve("a.db-shm"), "of the restored database");
    Files.writeString(directory.resolve("a.db-wal"), "of the restored database");

    swap.rollback();

    assertThat(contentOf(directory)).isEqualTo(before);
  }

  @Test
  void anEntryThatAppearsDuringApplyIsNotOverwritten() throws IOException {
    try (WatchedDisk disk = WatchedDisk.over(temporary)) {
      Path directory = disk.path().resolve(oldState().getFileName().toString());
      Swap swap = begin(directory, List.of("a.db"));
      disk.beforeEachChange(
          () -> {
            if (!Files.exists(directory.resolve("a.db"))) {
              Files.writeString(Path.of(directory.toString(), "a.db"), "intruder");
            }
          });

      assertThatThrownBy(swap::apply)
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
          .hasMessageContaining("while the restore ran");
      swap.rollback();
      assertThat(directory.resolve("a.db")).hasContent("old database");
    }
  }

  @Test
  void whatSomebodyMovedBackByHandIsNotClearedAway() throws IOException {
    for (String moved : List.of("a.db", "collections")) {
      Path directory = oldState();
      Map<String, String> before = withoutWorkArea(directory);
      Swap killed = begin(directory, null);
      killed.apply();
      Path old = killed.staging().resolveSibling("old");
      for (Path entry : Disk.entries(directory)) {
        if (!entry.endsWith(Swap.WORK_AREA)) {
          Disk.deleteTree(entry);
        }
      }
      for (Path entry : moved.equals("a.db") ? List.of(old.resolve(moved)) : Disk.entries(old)) {
        Files.move(entry, directory.resolve(entry.getFileName()));
      }
      Map<String, String> repaired = contentOf(directory);

      assertThatThrownBy(() -> Swap.resume(directory, ID, "part").orElseThrow().rollback())
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_ROLLED_BACK))
          .hasMessageContaining("nothing was changed");

      assertThat(contentOf(directory)).isEqualTo(repaired);
      if (!moved.equals("a.db")) {
        assertThat(withoutWorkArea(directory)).isEqualTo(before);
      }
    }
  }

  @Test
  void afterARollbackThatFailedOnlyWhatItLeftIsReplaced() throws IOException {
    for (boolean repaired : new boolean[] {false, true}) {
      Path directory = oldState();
      Map<String, String> before = contentOf(directory);
      failToRollBack(directory);
      if (repaired) {
        Files.writeString(directory.resolve("a.db"), "of another backup");
        Map<String, String> found = contentOf(directory);
        for (int i = 0; i < 2; i++) {
          assertThatThrownBy(() -> Swap.resume(directory, ID, "part").orElseThrow().rollback())
              .hasMessageContaining(directory.resolve(Swap.WORK_AREA).toString())
              .hasMessageContaining("unlock --restore repaired")
              .hasMessageContaining("unlock --restore retry");
          assertThat(contentOf(directory)).isEqualTo(found);
        }
      }
      Swap left = Swap.resume(directory, ID, "part").orElseThrow();
      if (repaired) {
        left.replaceRepair();
      }
      left.rollback();

      assertThat(contentOf(directory)).isEqualTo(before);
    }
  }

  @Test
  void whatAPersonHasPutInThePlaceOfRestoredDataIsLeftAlone() throws IOException {
    for (boolean everything : new boolean[] {false, true}) {
      Path directory = oldState();
      Map<String, String> before = contentOf(directory);
      Map<String, String> restored = endInTheMiddle(directory, everything);
      for (Path entry : WorkArea.swapped(directory, everything ? null : DATABASE)) {
        Disk.deleteTree(entry);
      }
      // The same names, lengths and contents, as after a restore by hand.
      for (Map.Entry<String, String> entry : restored.entrySet()) {
        putByHand(directory.resolve(entry.getKey()), entry.getValue());
      }
      Map<String, String> repaired = contentOf(directory);

      Swap left = Swap.resume(directory, ID, "part").orElseThrow();
      for (ThrowingCallable step :
          List.<ThrowingCallable>of(left::requireUnrepaired, left::rollback)) {
        assertThatThrownBy(step)
            .isInstanceOfSatisfying(
                BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_ROLLED_BACK))
            .hasMessageContaining(directory.resolve(Swap.WORK_AREA).toString())
            .hasMessageContaining("unlock --restore repaired")
            .hasMessageContaining("unlock --restore retry");
        assertThat(contentOf(directory)).isEqualTo(repaired);
      }
      left.replaceRepair();
      left.requireUnrepaired();
      left.rollback();
      assertThat(contentOf(directory)).isEqualTo(before);
    }
  }

  @Test
  void whatAStoreChangedInRestoredDataIsKeptAndTheDataFromBeforePutBack() throws IOException {
    Path directory = oldState();
    Map<String, String> before = withoutWorkArea(directory);
    Map<String, String> changed = new TreeMap<>(endInTheMiddle(directory, true));
    Files.move(directory.resolve("a.db"), directory.resolve("a.old"));
    changed.put("a.old", changed.remove("a.db"));
    Files.writeString(directory.resolve("log"), "of the program");
    changed.put("log", "of the program");
    // As a run leaves it that was killed just before it took anything out.
    Files.createDirectory(directory.resolve(Swap.WORK_AREA).resolve(ID + "-part/changed"));

    Swap left = Swap.resume(directory, ID, "part").orElseThrow();
    left.requireUnrepaired();
    left.rollback();

    assertThat(withoutWorkArea(directory)).isEqualTo(before);
    assertThat(contentOf(left.changesKept().orElseThrow())).isEqualTo(changed);
  }

  /** Others of the restored files are there still. */
  @Test
  void aFileThatAPersonUnpackedAmongRestoredOnesIsLeftAlone() throws IOException {
    Path directory = oldState();
    endInTheMiddle(directory, true);
    Path unpacked = Files.writeString(directory.resolve("a.db"), "of another backup");
    Files.setLastModifiedTime(unpacked, FileTime.fromMillis(0));
    Map<String, String> repaired = contentOf(directory);

    assertThatThrownBy(() -> Swap.resume(directory, ID, "part").orElseThrow().rollback())
        .hasMessageContaining("unlock --restore repaired");

    assertThat(contentOf(directory)).isEqualTo(repaired);
  }

  @Test
  void aFileThatAProgramChangedAfterItWasRestoredIsLeftAlone() throws IOException {
    for (String changed : List.of("a.db", "a.db-wal")) {
      Path directory = oldState();
      endInTheMiddle(directory, false);
      Files.writeString(directory.resolve(changed), "a memory that a program has confirmed");
      Map<String, String> found = contentOf(directory);

      assertThatThrownBy(() -> Swap.resume(directory, ID, "part").orElseThrow().rollback())
          .hasMessageContaining("unlock --restore repaired");

      assertThat(contentOf(directory)).isEqualTo(found);
    }
  }

  @Test
  void aPlaceWithoutARestoredByteHoldsNoRepair() throws IOException {
    for (boolean everything : new boolean[] {false, true}) {
      Path directory = oldState();
      Map<String, String> before = contentOf(directory);
      endInTheMiddle(directory, everything);
      for (Path entry : WorkArea.swapped(directory, everything ? null : DATABASE)) {
        Disk.deleteTree(entry);
      }
      Files.createFile(directory.resolve("a.db"));

      assertIsPutBack(directory, before);
    }
  }

  /** All is in place, and nobody has said whether it stays. */
  private Map<String, String> endInTheMiddle(Path directory, boolean everything)
      throws IOException {
    Set<String> others = everything ? Set.of() : withoutWorkArea(directory).keySet();
    begin(directory, everything ? null : DATABASE).apply();
    Map<String, String> restored = withoutWorkArea(directory);
    restored.keySet().removeIf(name -> others.contains(name) && !DATABASE.contains(name));
    return restored;
  }

  private static void putByHand(Path place, String content) throws IOException {
    if (content.equals("directory")) {
      Files.createDirectories(place);
    } else {
      Files.writeString(place, content);
    }
  }

  private static void assertIsPutBack(Path directory, Map<String, String> before)
      throws IOException {
    Swap left = Swap.resume(directory, ID, "part").orElseThrow();
    left.requireUnrepaired();
    left.rollback();
    assertThat(contentOf(directory)).isEqualTo(before);
  }

  /** By a disk that fails when the first entry is to be put back. */
  private void failToRollBack(Path place) throws IOException {
    try (WatchedDisk disk = WatchedDisk.over(temporary)) {
      Path directory = disk.path().resolve(place.getFileName().toString());
      Swap swap = begin(directory, null);
      swap.apply();
      disk.beforeEachChange(
          () -> {
            if (!Files.exists(directory.resolve("collections"))) {
              disk.beforeEachChange(() -> {});
              throw new IOException("the disk fails");
            }
          });
      assertThatThrownBy(swap::rollback)
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_ROLLED_BACK));
    }
  }

  @Test
  void anUnknownIdHasNothingToResume() throws IOException {
    Path directory = oldState();
    Swap swap = begin(directory, null);

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
    Swap swap = begin(directory, DATABASE);

    assertThatThrownBy(() -> begin(directory, DATABASE))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ALREADY_EXISTS));
    swap.close();
  }

  @Test
  void aStagedNameThatIsNotReplacedIsRefusedBeforeAnythingMoves() throws IOException {
    Path directory = oldState();
    Map<String, String> before = contentOf(directory);
    Swap entries = begin(directory, DATABASE);
    Files.writeString(entries.staging().resolve("config.json"), "not asked for");
    assertThatThrownBy(entries::apply).isInstanceOf(BackupException.class);
    entries.close();

    Swap everything = begin(directory, null);
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

    assertThatThrownBy(() -> begin(directory, DATABASE))
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void commitEndsTheWayBack() throws IOException {
    Swap swap = begin(oldState(), DATABASE);
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
    Swap swap = begin(directory, null);

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
