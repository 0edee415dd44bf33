package dev.openmemory.backup.internal.swap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.testkit.disk.DiskState;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import dev.openmemory.backup.testkit.disk.WatchedDisk.Survivors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kill and a loss of power before each change that a swap makes. */
class SwapCrashTest {
  private static final String ID = "restore-1";
  private static final String NEXT = "restore-2";
  private static final List<String> DATABASE = List.of("a.db", "a.db-wal", "a.db-shm");
  private static final Set<Survivors> KILL = EnumSet.of(Survivors.EVERYTHING);
  private static final Set<Survivors> ALL = EnumSet.allOf(Survivors.class);

  @TempDir Path temporary;
  private WatchedDisk disk;
  private Path directory;
  private DiskState old;

  @BeforeEach
  void fill() throws IOException {
    disk = WatchedDisk.over(temporary);
    directory = Files.createDirectory(disk.path().resolve("tree ü"));
    Files.writeString(directory.resolve("a.db"), "old database");
    Files.writeString(directory.resolve("a.db-wal"), "old log");
    Files.writeString(directory.resolve("config.json"), "old config");
    Files.createDirectories(directory.resolve("collections/x"));
    Files.writeString(directory.resolve("collections/x/segment"), "old vectors");
    old = disk.state(Survivors.EVERYTHING);
    disk.restore(old);
  }

  @AfterEach
  void close() {
    disk.close();
  }

  private void apply(boolean everything) throws IOException {
    Swap swap =
        everything
            ? Swap.ofEverything(directory, ID, "part")
            : Swap.ofEntries(directory, ID, "part", DATABASE);
    Files.writeString(swap.staging().resolve("a.db"), "new database");
    if (everything) {
      Files.createDirectories(swap.staging().resolve("collections/y"));
      Files.writeString(swap.staging().resolve("collections/y/segment"), "new vectors");
    }
    swap.apply();
  }

  private void rollback() throws IOException {
    rollback(ID);
  }

  private void rollback(String id) throws IOException {
    Optional<Swap> left = Swap.resume(directory, id, "part");
    if (left.isPresent()) {
      left.get().rollback();
    }
  }

  private void commit(boolean discard) throws IOException {
    commit(ID, discard);
  }

  private void commit(String id, boolean discard) throws IOException {
    Optional<Swap> left = Swap.resume(directory, id, "part");
    if (left.isPresent()) {
      left.get().commit(discard);
    }
  }

  private DiskState now() throws IOException {
    return disk.state(Survivors.EVERYTHING);
  }

  private void assertOldAfterRollback(String ended) throws IOException {
    rollback();
    assertThat(now()).as(ended).isEqualTo(old);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anApplyThatEndsAnywhereIsRolledBackToTheSameBytes(boolean everything) throws IOException {
    Map<DiskState, String> ends = disk.endsOf(ALL, () -> apply(everything));
    for (Map.Entry<DiskState, String> end : ends.entrySet()) {
      disk.restore(end.getKey());
      assertOldAfterRollback("apply, " + end.getValue());
    }
    assertThat(ends.size()).isGreaterThan(15);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRollbackThatEndsAnywhereIsRolledBackAgain(boolean everything) throws IOException {
    Set<DiskState> seen = new HashSet<>();
    for (Map.Entry<DiskState, String> begun :
        disk.endsOf(KILL, () -> apply(everything)).entrySet()) {
      disk.restore(begun.getKey());
      for (Map.Entry<DiskState, String> end : disk.endsOf(ALL, this::rollback).entrySet()) {
        if (seen.add(end.getKey())) {
          disk.restore(end.getKey());
          assertOldAfterRollback("apply, " + begun.getValue() + "; rollback, " + end.getValue());
        }
      }
    }
    assertThat(seen.size()).isGreaterThan(50);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatAnApplicationCreatesMeanwhileDoesNotHinderTheRollback(boolean everything)
      throws IOException {
    for (Map.Entry<DiskState, String> end : disk.endsOf(ALL, () -> apply(everything)).entrySet()) {
      disk.restore(end.getKey());
      if (Files.exists(directory.resolve("a.db"))) {
        continue;
      }
      Files.writeString(directory.resolve("a.db"), "empty database of an application");
      assertOldAfterRollback(end.getValue());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCommitThatEndsAnywhereIsCommittedAgain(boolean discard) throws IOException {
    apply(true);
    disk.restore(disk.state(Survivors.FORCED_ONLY));
    Map<DiskState, String> ends = disk.endsOf(ALL, () -> commit(discard));
    for (Map.Entry<DiskState, String> end : ends.entrySet()) {
      disk.restore(end.getKey());
      commit(discard);

      String area = "tree ü/" + Swap.WORK_AREA;
      assertThat(now().only(name -> !name.startsWith(area)).entries())
          .as(end.getValue())
          .containsOnlyKeys(
              "tree ü",
              "tree ü/a.db",
              "tree ü/collections",
              "tree ü/collections/y",
              "tree ü/collections/y/segment")
          .containsEntry("tree ü/a.db", "fnew database")
          .containsEntry("tree ü/collections/y/segment", "fnew vectors");
      String previous = area + "/previous/" + ID + "-part";
      assertThat(now().only(name -> name.startsWith(area)).files())
          .as(end.getValue())
          .hasSize(discard ? 0 : 4)
          .allMatch(name -> name.startsWith(previous));
    }
    assertThat(ends.size()).isGreaterThan(5);
  }

  /** What was put in place is set aside; now the old entries are to come back. */
  private void applyKept(boolean everything) throws IOException {
    Swap.ofKept(directory, NEXT, "part", everything ? null : DATABASE, ID).apply();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWasSetAsideIsPutBackOrStaysWhereItWasWhereverThatAndItsRollbackEnd(boolean everything)
      throws IOException {
    apply(everything);
    commit(false);
    DiskState restored = now();
    disk.restore(restored);
    Set<DiskState> seen = new HashSet<>();
    for (Map.Entry<DiskState, String> begun :
        disk.endsOf(ALL, () -> applyKept(everything)).entrySet()) {
      disk.restore(begun.getKey());
      for (Map.Entry<DiskState, String> end : disk.endsOf(ALL, () -> rollback(NEXT)).entrySet()) {
        if (seen.add(end.getKey())) {
          disk.restore(end.getKey());
          rollback(NEXT);
          assertThat(now()).as(begun.getValue() + "; " + end.getValue()).isEqualTo(restored);
        }
      }
    }
    assertThat(seen.size()).isGreaterThan(30);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWasSetAsideIsInPlaceWhereverTheCommitEnds(boolean everything) throws IOException {
    apply(everything);
    commit(false);
    disk.restore(now());
    applyKept(everything);
    disk.restore(disk.state(Survivors.FORCED_ONLY));
    Map<DiskState, String> ends = disk.endsOf(ALL, () -> commit(NEXT, false));
    for (Map.Entry<DiskState, String> end : ends.entrySet()) {
      disk.restore(end.getKey());
      commit(NEXT, false);

      String area = "tree ü/" + Swap.WORK_AREA;
      assertThat(now().only(name -> !name.startsWith(area))).as(end.getValue()).isEqualTo(old);
      assertThat(now().only(name -> name.startsWith(area)).files())
          .as(end.getValue())
          .allMatch(name -> name.startsWith(area + "/previous/" + NEXT + "-part"));
    }
    assertThat(ends.size()).isGreaterThan(5);
  }
}
