package dev.openmemory.backup.internal.crosscheck;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import dev.openmemory.backup.testconditions.Seeds;
import dev.openmemory.backup.testkit.disk.WatchedDisk;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.CrossCheck.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ids that fit into memory, and ids that do not, give the same result. */
class ComparisonTest {
  private static final String COLLECTION = Sides.COLLECTION;

  @TempDir Path temp;

  private static CrossCheck compare(Sides sides, Memories memories, IdFolder folder)
      throws IOException {
    try (PointIds points = PointIds.in(folder, COLLECTION)) {
      for (Point point : sides.points()) {
        points.take(point);
      }
      return Comparison.of(memories, points, true, folder);
    }
  }

  private Path folder() throws IOException {
    return Files.createDirectories(temp.resolve("scratch"));
  }

  @Test
  void theResultIsThatOfSetsHoweverFewIdsFitIntoMemory() throws Exception {
    Random random = Seeds.random();
    for (int round = 0; round < 10; round++) {
      Sides sides = Sides.random(random, 1 + random.nextInt(300));
      Memories memories = sides.database(temp.resolve("openmemory.db"));
      for (int inMemory : new int[] {1, 2, 7, 1000}) {
        IdFolder folder = new IdFolder(folder(), inMemory, new Cancellation());
        assertThat(compare(sides, memories, folder)).isEqualTo(sides.naive());
        assertThat(folder()).isEmptyDirectory();
      }
    }
  }

  /** SQLite makes a number of such an id where the column has the type UUID. */
  @Test
  void idsOfDecimalDigitsAreIds() throws Exception {
    List<Sides.Row> rows = new ArrayList<>();
    List<Point> points = new ArrayList<>();
    for (long low : new long[] {0, 0x12, 0x8000_0000_0000L, 0x9999_9999_9999_99L}) {
      UUID id = new UUID(0, low);
      rows.add(new Sides.Row(id.toString().replace("-", ""), "user0", false, "text " + low));
      points.add(new Point(Optional.of(id), Optional.of("user0"), Optional.empty()));
    }
    Sides sides = new Sides(rows, points);
    Path file = temp.resolve("openmemory.db");
    IdFolder folder = new IdFolder(folder(), 100, new Cancellation());

    assertThat(compare(sides, sides.database(file, "UUID"), folder)).isEqualTo(sides.naive());

    List<String> texts = new ArrayList<>();
    sides
        .database(file, "UUID")
        .texts((id, content) -> texts.add(id + content), new Cancellation());
    assertThat(texts)
        .containsExactlyElementsOf(rows.stream().map(row -> row.id() + row.content()).toList());
  }

  @Test
  void runsThatWereMergedAreMergedAgain() throws Exception {
    Random random = Seeds.random();
    List<IdEntry> entries = new ArrayList<>();
    IdFolder folder = new IdFolder(folder(), 1, new Cancellation());
    try (SortedIds ids = folder.ids()) {
      for (int i = 0; i < 5000; i++) {
        entries.add(new IdEntry(random.nextInt(3) - 1, random.nextLong(), i, i));
        ids.add(entries.get(i));
        if (i % 500 == 0) {
          assertThat(folder().toFile().list()).hasSizeLessThan(2 * 64);
        }
      }
      entries.sort(Comparator.naturalOrder());
      try (IdStream sorted = ids.sorted()) {
        for (IdEntry entry : entries) {
          assertThat(sorted.next()).isEqualTo(entry);
        }
        assertThat(sorted.next()).isNull();
      }
    }
    assertThat(folder()).isEmptyDirectory();
  }

  @Test
  void idsThatComeInTheirOrderMakeOneRun() throws Exception {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      points.add(new Point(Optional.of(new UUID(i / 10, i)), Optional.empty(), Optional.empty()));
    }
    IdFolder folder = new IdFolder(folder(), 3, new Cancellation());
    try (PointIds ids = PointIds.in(folder, COLLECTION)) {
      for (Point point : points) {
        ids.take(point);
      }
      assertThat(folder().toFile().list()).hasSize(1);
      try (IdStream sorted = ids.sorted()) {
        for (Point point : points) {
          assertThat(sorted.next()).isEqualTo(new IdEntry(point.id().orElseThrow(), 0, 0));
        }
        assertThat(sorted.next()).isNull();
      }
    }
  }

  @Test
  void idsThatFitIntoMemoryAreNotWritten() throws Exception {
    Sides sides = Sides.random(Seeds.random(), 200);
    Memories memories = sides.database(temp.resolve("openmemory.db"));
    try (WatchedDisk disk = WatchedDisk.over(folder())) {
      disk.beforeEachChange(
          () -> {
            throw new AssertionError("something was written");
          });
      compare(sides, memories, new IdFolder(disk.path(), 200, new Cancellation()));
    }
  }

  /** What ends a comparison early. */
  enum End {
    FULL(Kind.NO_SPACE) {
      @Override
      void come(Cancellation cancellation) throws IOException {
        throw new IOException("No space left on device");
      }
    },
    CANCELLED(Kind.CANCELLED) {
      @Override
      void come(Cancellation cancellation) {
        cancellation.cancel();
      }
    },
    INTERRUPTED(Kind.CANCELLED) {
      @Override
      void come(Cancellation cancellation) {
        Thread.currentThread().interrupt();
      }
    };

    final Kind kind;

    End(Kind kind) {
      this.kind = kind;
    }

    abstract void come(Cancellation cancellation) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void aComparisonThatEndsEarlyLeavesNothing(End end) throws Exception {
    Sides sides = Sides.random(Seeds.random(), 150);
    Memories memories = sides.database(temp.resolve("openmemory.db"));
    for (int at = 0; at < 200; at += 23) {
      int last = at;
      AtomicInteger changes = new AtomicInteger();
      Cancellation cancellation = new Cancellation();
      try (WatchedDisk disk = WatchedDisk.over(folder())) {
        disk.beforeEachChange(
            () -> {
              if (changes.getAndIncrement() == last) {
                end.come(cancellation);
              }
            });
        IdFolder folder = new IdFolder(disk.path(), 2, cancellation);
        BackupException failure = failureOf(() -> compare(sides, memories, folder));
        assertThat(Thread.interrupted()).isEqualTo(end == End.INTERRUPTED);
        assertThat(failure).as("at change %d", at).isNotNull();
        assertThat(failure.kind()).as("at change %d: %s", at, failure).isEqualTo(end.kind);
        if (end == End.FULL) {
          assertThat(failure.location()).isEqualTo(folder().toRealPath().toString());
          assertThat(folder.isPlaceOf(failure)).isTrue();
        }
        assertThat(folder()).as("at change %d", at).isEmptyDirectory();
      }
    }
  }

  @Test
  void otherTextsAreFoundAndOnlyTheWantedCollectionIsRead() throws Exception {
    List<Sides.Row> rows = new ArrayList<>();
    Set<String> differing = new TreeSet<>();
    try (QdrantDouble server = QdrantDouble.start(temp.resolve("storage"));
        QdrantClient client = QdrantClient.of(server.uri(), Optional.empty(), new Cancellation())) {
      server.createCollection(COLLECTION);
      server.createCollection("other");
      server.fill("other", 3);
      for (int i = 0; i < 40; i++) {
        UUID id = new UUID(i * 7919 % 40, i);
        rows.add(new Sides.Row(id.toString().replace("-", ""), "user0", false, "text " + i));
        if (i % 10 == 1) {
          differing.add(id.toString());
        }
        if (i % 10 != 2) {
          server.put(COLLECTION, id.toString(), Map.of("data", i % 10 == 1 ? "x" : "text " + i));
        }
      }
      server.put(COLLECTION, new UUID(99, 99).toString(), Map.of("data", "of no row"));
      Memories memories = new Sides(rows, List.of()).database(temp.resolve("openmemory.db"));
      IdFolder folder = new IdFolder(folder(), 4, new Cancellation());

      try (PointTexts texts = PointTexts.of(client, COLLECTION, folder)) {
        Difference found = texts.of(memories);
        assertThat(found.count()).isEqualTo(4);
        assertThat(new TreeSet<>(found.first())).isEqualTo(differing);
      }
      try (AskedPoints asked = AskedPoints.of(client, Optional.of(COLLECTION), folder)) {
        assertThat(asked.collections()).containsExactly(COLLECTION, "other");
        assertThat(asked.ids().orElseThrow().total()).isEqualTo(37);
      }
      for (String absent : new String[] {"third", null}) {
        assertThat(AskedPoints.of(client, Optional.ofNullable(absent), folder).ids()).isEmpty();
      }
      assertThat(server.count("POST .*/points/scroll")).isEqualTo(2);
      assertThat(server.count("POST .*/other/points/scroll")).isZero();
    }
    assertThat(folder()).isEmptyDirectory();
  }
}
