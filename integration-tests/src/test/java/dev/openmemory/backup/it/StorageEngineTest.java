package dev.openmemory.backup.it;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Installation.Snapshots;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.archive.ArchiveFormat;
import dev.openmemory.backup.archive.ImportRequest;
import dev.openmemory.backup.it.StorageEngine.Contents;
import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Qdrant's own storage engine says of stores that were backed up and restored. */
@Tag("services")
class StorageEngineTest {
  private static final BackupName FIRST = new BackupName("first");
  private static final BackupName OF_A_SCRIPT = new BackupName("of-a-script");
  private static final int POINTS = 58;

  @TempDir static Path shared;
  private static StorageEngine engine;
  private static SampleInstallation sample;
  private static BackupTarget target;
  private static Backups backups;
  private static Contents recorded;

  @TempDir Path temp;

  @BeforeAll
  static void backUp() throws Exception {
    engine = StorageEngine.require();
    sample = SampleInstallation.unpackTo(shared.resolve("openmemory"));
    target = BackupTargets.open(shared.resolve("backups"));
    backups = Backups.in(target);
    recorded = engine.open(sample.storage());
    backups.create(sample.installation(), BackupRequest.named(FIRST.value()));
    Path script = Files.createDirectories(shared.resolve("backups").resolve(OF_A_SCRIPT.value()));
    Files.copy(sample.database(), script.resolve("openmemory.db"));
    Files.copy(sample.config(), script.resolve("config.json"));
    SampleInstallation.copy("qdrant-storage.tar.gz", script.resolve("qdrant-storage.tar.gz"));
  }

  @AfterAll
  static void close() throws IOException {
    if (target != null) {
      target.close();
    }
  }

  @Test
  void theRecordedInstallationHoldsTheRecordedPoints() throws Exception {
    assertThat(recorded).matches(contents -> contents.isWhole(POINTS));
    SampleInstallation.copy("points.txt", shared.resolve("points.txt"));
    Set<String> ids =
        Files.readAllLines(shared.resolve("points.txt")).stream()
            .map(line -> line.substring(0, line.indexOf(' ')))
            .collect(Collectors.toSet());
    assertThat(recorded.payloads()).containsOnlyKeys(ids);
  }

  @Test
  void aRestoreIntoAnotherFolderBringsAllPoints() throws Exception {
    assertThat(restored(backups, FIRST)).isEqualTo(recorded);
  }

  @Test
  void aRestoreInPlaceBringsAllPoints() throws Exception {
    SampleInstallation damaged = new SampleInstallation(temp.resolve("openmemory"));
    backups.restore(FIRST, damaged.installation(), RestoreRequest.STANDARD);
    Damage.SEGMENT_REMOVED.to(damaged.storage());
    assertThat(engine.open(damaged.storage())).isNotEqualTo(recorded);

    backups.restore(FIRST, damaged.installation(), RestoreRequest.STANDARD);

    assertThat(engine.open(damaged.storage())).isEqualTo(recorded);
  }

  @Test
  void aBackupOfAScriptBringsAllPoints() throws Exception {
    assertThat(restored(backups, OF_A_SCRIPT)).isEqualTo(recorded);
  }

  @ParameterizedTest
  @EnumSource
  void anExportedFileBringsAllPoints(ArchiveFormat format) throws Exception {
    Path file = temp.resolve("archive");
    backups.exportArchive(FIRST, format, file);
    try (BackupTarget other = BackupTargets.open(temp.resolve("other"))) {
      Backups.in(other).importArchive(file, ImportRequest.STANDARD);
      assertThat(restored(Backups.in(other), FIRST)).isEqualTo(recorded);
    }
  }

  private Contents restored(Backups from, BackupName name) throws Exception {
    Path copy = temp.resolve("copy");
    from.restore(name, Installation.inFolder(copy), RestoreRequest.STANDARD);
    return engine.open(copy.resolve("qdrant-storage"));
  }

  @Test
  void aStoreThatTheEngineMadeComesBack() throws Exception {
    SampleInstallation other = SampleInstallation.unpackTo(temp.resolve("openmemory"));
    engine.fill(other.storage(), 200);
    Contents made = engine.open(other.storage());
    assertThat(made).matches(contents -> contents.isWhole(200));
    try (BackupTarget folder = BackupTargets.open(temp.resolve("backups"))) {
      Backups.in(folder).create(other.installation(), BackupRequest.named("made"));
      assertThat(restored(Backups.in(folder), new BackupName("made"))).isEqualTo(made);
    }
  }

  @Test
  void aStoreThatIsWrittenToComesBackAsOfTheInstantOfThePause() throws Exception {
    SampleInstallation other = SampleInstallation.unpackSlimTo(temp.resolve("openmemory"));
    try (EngineWriter writer =
            engine.writeTo(other.storage(), "openmemory", temp.resolve("acknowledged"));
        BackupTarget folder = BackupTargets.open(temp.resolve("backups"))) {
      writer.awaitMore(200);
      writer.signal("STOP");
      int before = writer.acknowledged();
      Backups.in(folder).create(pausedByItsUser(other), BackupRequest.named("first"));
      writer.signal("CONT");
      writer.awaitMore(2);

      writer.requireOneInstant(restored(Backups.in(folder), FIRST), before, before + 1);
    }
  }

  /** As {@code --allow-live-storage}. */
  private static Installation pausedByItsUser(SampleInstallation sample) {
    return sample
        .installation()
        .with(
            new Part(
                "directory",
                Map.of("path", sample.storage().toString(), "allow-live", "true"),
                false));
  }

  /** What makes a store another one. An engine that did not see it would prove nothing above. */
  private enum Damage {
    SEGMENT_REMOVED {
      @Override
      void to(Path storage) throws IOException {
        FileTree.delete(segment(storage));
      }
    },
    BIT_OF_A_VECTOR {
      @Override
      void to(Path storage) throws IOException {
        // The sixth: that in the first place was replaced later.
        flip(segment(storage).resolve("vector_storage/vectors/chunk_0.mmap"), 5 * 1536 * 4 + 5);
      }
    },
    BIT_OF_A_PAYLOAD {
      @Override
      void to(Path storage) throws IOException {
        flip(segment(storage).resolve("payload_storage/page_0.dat"), 40);
      }
    },
    VECTORS_CUT {
      @Override
      void to(Path storage) throws IOException {
        Path file = segment(storage).resolve("vector_storage/vectors/chunk_0.mmap");
        try (RandomAccessFile chunk = new RandomAccessFile(file.toFile(), "rw")) {
          chunk.setLength(10_000);
        }
      }
    },
    VECTORS_EMPTIED {
      @Override
      void to(Path storage) throws IOException {
        Path file = segment(storage).resolve("vector_storage/vectors/chunk_0.mmap");
        try (RandomAccessFile chunk = new RandomAccessFile(file.toFile(), "rw")) {
          long length = chunk.length();
          chunk.setLength(0);
          chunk.setLength(length);
        }
      }
    },
    PAYLOADS_MISSING {
      @Override
      void to(Path storage) throws IOException {
        Files.delete(segment(storage).resolve("payload_storage/page_0.dat"));
      }
    };

    abstract void to(Path storage) throws IOException;

    private static Path segment(Path storage) throws IOException {
      try (Stream<Path> segments =
          Files.list(storage.resolve("collections/openmemory/0/segments"))) {
        return segments.sorted().findFirst().orElseThrow();
      }
    }

    private static void flip(Path file, int at) throws IOException {
      try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
        content.seek(at);
        int old = content.read();
        content.seek(at);
        content.write(old ^ 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theEngineSeesDamage(Damage damage) throws Exception {
    SampleInstallation copy = SampleInstallation.unpackTo(temp.resolve("openmemory"));
    damage.to(copy.storage());

    assertThat(engine.open(copy.storage())).isNotEqualTo(recorded);
  }

  @ParameterizedTest(name = "1/{0}")
  @ValueSource(ints = {20, 2, 1})
  void aBitThatChangedInABackupIsFoundByUsAndNothingIsRestored(int part) throws Exception {
    Path folder = Files.createDirectories(temp.resolve("backups/first"));
    try (Stream<Path> files = Files.list(shared.resolve("backups/first"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Path archive = folder.resolve("qdrant-storage.tar.gz");
    Damage.flip(archive, (int) (Files.size(archive) / part) - 1);
    try (BackupTarget damaged = BackupTargets.open(temp.resolve("backups"))) {
      assertThat(Backups.in(damaged).verify(FIRST).problems())
          .extracting(VerifyReport.Problem::subject)
          .containsExactly("vectors");
      BackupException failure = failureOf(() -> restored(Backups.in(damaged), FIRST));
      assertThat(failure.kind()).as("%s", failure).isEqualTo(Kind.CORRUPT);
      assertThat(temp.resolve("copy/qdrant-storage")).doesNotExist();
    }
  }

  @Test
  void aSnapshotThatQdrantMadeComesBackAsOneThatItsEngineUnpacks() throws Exception {
    Path snapshot = recordedSnapshot("openmemory-50.snapshot");
    Contents inSnapshot = engine.openSnapshot(snapshot);
    assertThat(inSnapshot).matches(contents -> contents.isWhole(50));
    try (QdrantDouble server = QdrantDouble.start(temp.resolve("server/storage"));
        BackupTarget folder = BackupTargets.open(temp.resolve("backups"))) {
      server.createCollection("openmemory", Map.of("size", 4, "distance", "Cosine"), 1);
      server.fill("openmemory", 50);
      server.snapshotsAre(snapshot);
      Installation running =
          Installation.at(sample.home()).withSnapshots(Snapshots.of(server.uri()));
      Backups.in(folder).create(running, BackupRequest.named("first"));

      Path copy = temp.resolve("copy");
      Backups.in(folder)
          .restore(FIRST, Installation.inFolderWithSnapshots(copy), RestoreRequest.STANDARD);

      try (Stream<Path> files = Files.walk(copy)) {
        assertThat(files.filter(file -> file.toString().endsWith(".snapshot")).toList())
            .singleElement()
            .satisfies(file -> assertThat(engine.openSnapshot(file)).isEqualTo(inSnapshot));
      }
    }
  }

  private static Path recordedSnapshot(String name) {
    return Path.of(
        System.getProperty("openmemory.root"),
        "core/src/test/resources/dev/openmemory/backup/internal/qdrant/server/sample",
        name);
  }
}
