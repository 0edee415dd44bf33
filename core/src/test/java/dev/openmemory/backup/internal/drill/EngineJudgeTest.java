package dev.openmemory.backup.internal.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.crosscheck.IdFolder;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.TrialFolders;
import dev.openmemory.backup.testconditions.EnginePython;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Qdrant's storage engine says of a store. */
@Tag("services")
class EngineJudgeTest {
  private static final String VECTORS = "vector_storage/vectors/chunk_0.mmap";
  private static final String SHARD = "collections/openmemory/0";

  @TempDir Path temp;
  private SampleInstallation sample;
  private RunContext context;
  private StorageEngine engine;

  @BeforeEach
  void unpack() throws Exception {
    Path python = EnginePython.require();
    Path scratch = Files.createDirectory(temp.resolve("scratch"));
    context = new RunContext(Clock.systemUTC(), scratch, new Cancellation(), false, w -> {});
    engine = StorageEngine.of(python, context);
    sample = SampleInstallation.unpackTo(temp.resolve("openmemory"));
  }

  @Test
  void aWholeStoreIsFoundWhole() throws Exception {
    assertThat(judge(List.of("openmemory"))).isEmpty();
  }

  @Test
  void aCollectionThatIsNotStatedIsFound() throws Exception {
    assertThat(judge(List.of()))
        .containsExactly("collection openmemory is in Qdrant, not in the backup");
  }

  /** What a backup of files cannot notice. */
  private enum Damage {
    VECTORS_MISSING(storage -> Files.delete(segment(storage).resolve(VECTORS))),
    VECTORS_CUT(storage -> cut(segment(storage).resolve(VECTORS), 10_000)),
    VECTORS_ZEROED(storage -> zero(segment(storage).resolve(VECTORS), 100 * 1024)),
    STATUS_MISSING(
        storage -> Files.delete(segment(storage).resolve("vector_storage/vectors/status.dat"))),
    PAYLOADS_MISSING(
        storage -> Files.delete(segment(storage).resolve("payload_storage/page_0.dat"))),
    SEGMENT_MISSING(storage -> Disk.deleteTree(segment(storage))),
    SEGMENT_STATE_CUT(storage -> cut(segment(storage).resolve("segment.json"), 20)),
    SHARD_MISSING(storage -> Disk.deleteTree(storage.resolve(SHARD)));

    @SuppressWarnings("ImmutableEnumChecker")
    private final Change change;

    Damage(Change change) {
      this.change = change;
    }

    private interface Change {
      void to(Path storage) throws IOException;
    }

    void to(Path storage) throws IOException {
      change.to(storage);
    }

    private static Path segment(Path storage) throws IOException {
      try (Stream<Path> segments = Files.list(storage.resolve(SHARD).resolve("segments"))) {
        return segments.sorted().findFirst().orElseThrow();
      }
    }

    private static void cut(Path file, long length) throws IOException {
      try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
        content.setLength(length);
      }
    }

    private static void zero(Path file, int bytes) throws IOException {
      try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
        content.write(new byte[bytes]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void damageThatABackupOfFilesCannotNoticeIsFound(Damage damage) throws Exception {
    damage.to(sample.storage());
    assertThat(judge(List.of("openmemory"))).isNotEmpty();
  }

  /** Needs more open files, or more memory, than it gets; the engine reports both only as text. */
  @ParameterizedTest
  @ValueSource(strings = {"ulimit -n 5", "ulimit -v 580000"})
  void aLimitOfThisHostIsNoVerdict(String limit) throws Exception {
    engine = new StorageEngine(script(limit + "; exec '" + engine.python() + "' \"$@\""), "0.9.0");
    assertThatThrownBy(() -> judge(List.of("openmemory")))
        .isInstanceOf(NoVerdict.class)
        .hasMessageContaining("the engine failed on this host; the backup is not judged");
  }

  @Test
  void damageIsNoVerdictWhereTheEngineCannotUseItsOwnStoreEither() throws Exception {
    Damage.PAYLOADS_MISSING.to(sample.storage());
    engine =
        new StorageEngine(
            script("[ $4 = control ] && ulimit -n 5; exec '" + engine.python() + "' \"$@\""),
            "0.9.0");
    assertThatThrownBy(() -> judge(List.of("openmemory")))
        .isInstanceOf(NoVerdict.class)
        .hasMessageContaining("cannot use a new store either")
        .hasMessageContaining("payload storage");
  }

  @Test
  void whatIsReadAheadKeepsNoThreadWhenTheEngineIsClosed() throws Exception {
    Path talker =
        script(
            "i=0; while [ $i -lt 500 ]; do echo '{\"count\": 1}'; i=$((i+1)); done; exec sleep 60");
    Thread reader;
    try (EngineProcess process =
        EngineProcess.start(talker, List.of("version"), temp, context, Duration.ofMinutes(1))) {
      assertThat(process.next()).isEqualTo(new EngineAnswer.Count(1));
      reader =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().startsWith("storage engine "))
              .findFirst()
              .orElseThrow();
    }
    reader.join(30_000);
    assertThat(reader.isAlive()).isFalse();
  }

  private Path script(String does) throws IOException {
    Path file = Files.writeString(temp.resolve("python"), "#!/bin/sh\n" + does + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  /** The problems that it finds. */
  private List<String> judge(List<String> stated) throws IOException {
    Path temporary = Files.createDirectory(temp.resolve("temporary"));
    Expected expected = new Expected(stated, Facts.NONE, Optional.of(sample.database()), Map.of());
    TrialFolders folders = new TrialFolders(sample.storage(), temporary, temporary);
    Findings findings = new Findings(expected, IdFolder.of(context));
    try (EngineJudge judge =
        new EngineJudge(engine, folders, expected, context, Duration.ofMinutes(1))) {
      findings.compare(judge);
    } catch (NoVerdict e) {
      throw e;
    } catch (BackupException e) {
      assertThat(e.kind()).isEqualTo(Kind.CORRUPT);
      findings.problem(e.getMessage());
    }
    assertThat(temporary).isEmptyDirectory();
    return findings.problems().stream().map(Problem::message).toList();
  }
}
