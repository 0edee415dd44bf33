package dev.openmemory.backup.docker.internal.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.docker.internal.engine.PodmanDirectory;
import dev.openmemory.backup.internal.archive.TarContents;
import dev.openmemory.backup.internal.swap.KeepsPrevious;
import dev.openmemory.backup.internal.swap.RespectsRepair;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A restore through an engine that answers as Podman does never costs the data. */
@Timeout(60)
class PodmanRestoreTest {
  private static final String ID = "restore-20240506-070809-0a1b2c3d";
  private static final String SEGMENT = "collections/openmemory/segment";
  private static final String ALIASES = "aliases/data.json";
  private static final Map<String, String> OLD =
      Map.of(
          "raft_state.json",
          "old",
          SEGMENT,
          "old vectors",
          "collections/x/y",
          "more",
          ALIASES,
          "a");
  private static final Map<String, String> RESTORED =
      Map.of("raft_state.json", "{}", SEGMENT, "restored vectors", ALIASES, "a");

  private static final Instant BACKUP = Instant.parse("2024-05-01T00:00:00Z");
  private static final Instant BEFORE = Instant.parse("2024-05-06T07:00:00Z");
  private static final Instant SINCE = Instant.parse("2024-05-06T07:09:00Z");

  @TempDir private Path folder;
  private EngineDouble engine;
  private PodmanDirectory directory;
  private BackupSource source;

  @BeforeEach
  void start() throws IOException {
    engine = new EngineDouble(folder);
    directory = PodmanDirectory.in(engine);
    fill(OLD);
    source =
        new QdrantVolumeSourceProvider().open(engine.source("qdrant-volume", "store", "/data"));
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
  }

  @Test
  void aRestoreReplacesTheData() throws IOException {
    try (Restoration restoration = prepare()) {
      restoration.apply();
      assertThat(held()).isEqualTo(RESTORED);
      restoration.commit(false);
    }
    assertThat(held()).isEqualTo(RESTORED);
  }

  @Test
  void theSameIntoAnEmptyVolumeAndBack() throws IOException {
    directory.files().clear();
    try (Restoration restoration = prepare()) {
      restoration.apply();
      assertThat(held()).isEqualTo(RESTORED);
      restoration.rollback();
    }
    assertThat(held()).isEmpty();
  }

  @Test
  void aRollbackPutsTheDataBack() throws IOException {
    try (Restoration restoration = prepare()) {
      restoration.apply();
      restoration.rollback();
    }
    assertThat(held()).isEqualTo(OLD);
  }

  @Test
  void whenTheEmptyVolumeCannotBeLookedAtTheRollbackStillWritesTheDataFromBefore()
      throws IOException {
    try (Restoration restoration = prepare()) {
      engine.handle(
          "PUT /containers/store/archive",
          (request, out) -> {
            directory.mend();
            directory.files().clear();
            directory.breakReading(EngineDouble.json(200, ""));
            EngineDouble.json(200, "").write(out);
          });
      assertThat(failure(restoration::apply).kind()).isEqualTo(Kind.CORRUPT);
      assertThat(held()).isEmpty();

      BackupException unproven = failure(restoration::rollback);

      assertThat(unproven.kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
      assertThat(unproven).hasMessageContaining(folder.resolve("work") + "/" + ID + "-vectors");
      assertThat(held()).isEqualTo(OLD);
    }
  }

  @Test
  void dataThatAPersonHasPutBackIsLeftAlone() throws IOException {
    try (Restoration restoration = prepare()) {
      restoration.apply();
    }
    fill(OLD);
    directory.refuseWriting();

    try (Restoration left = source.resume(ID).orElseThrow()) {
      left.rollback();
    }

    assertThat(held()).isEqualTo(OLD);
    assertThat(folder.resolve("work").resolve(ID + "-vectors")).doesNotExist();
  }

  /** All that the backup has and the old data lacks is changed by then. */
  @Test
  void whatAStoreChangedInRestoredDataIsKeptAndTheDataFromBeforePutBack() throws IOException {
    try (Restoration restoration = prepare()) {
      restoration.apply();
    }
    changeAsAStore();

    Path kept = rollBackLater(false).orElseThrow();

    assertThat(held()).isEqualTo(OLD);
    assertThat(kept).isEqualTo(folder.resolve("work/previous").resolve(ID + "-vectors"));
    TarContents changes = TarContents.of(kept.resolve("changes.tar"));
    assertThat(changes.withoutEmptyFiles().entries())
        .containsOnlyKeys("raft_state.json", "collections", "collections/openmemory", SEGMENT);
  }

  private void changeAsAStore() {
    directory.write("raft_state.json", "{ }", SINCE);
    directory.write(SEGMENT, "of the server", SINCE);
    directory.write("log.old", "{}", BACKUP);
  }

  @Test
  void restoredDataThatNothingHasChangedIsNotKept() throws IOException {
    try (Restoration restoration = prepare()) {
      restoration.apply();
    }
    assertThat(rollBackLater(false)).isEmpty();
    assertThat(held()).isEqualTo(OLD);
  }

  /** As a kill leaves it when the engine has written a part. */
  @Test
  void aRollbackThatWasKilledIsDoneAgain() throws IOException {
    for (boolean later : new boolean[] {false, true}) {
      fill(OLD);
      try (Restoration restoration = prepare()) {
        restoration.apply();
        changeAsAStore();
        directory.refuseWriting();
        assertThat(failure(later ? () -> rollBackLater(false) : restoration::rollback).kind())
            .isEqualTo(Kind.NOT_ROLLED_BACK);
        directory.mend();
      }
      Files.delete(folder.resolve("work").resolve(ID + "-vectors").resolve("LEFT"));
      directory.write("collections/x/y", "mo", SINCE);
      directory.write("raft_state.json", "old", BEFORE);

      assertThat(rollBackLater(false).isPresent()).isEqualTo(later);
      assertThat(held()).isEqualTo(OLD);
    }
  }

  /** One file of each is the same as in the restored backup. */
  @Test
  void aRepairThatKeepsARestoredFileIsLeftAlone() throws IOException {
    for (Instant time : List.of(BEFORE.minusSeconds(1), BACKUP.minusSeconds(1))) {
      fill(OLD);
      try (Restoration restoration = prepare()) {
        restoration.apply();
      }
      directory.write(SEGMENT, "of a person", time);
      directory.write("collections/x/y", "later", SINCE);

      assertLeavesAlone(held());
      assertThat(rollBackLater(true)).isEmpty();
      assertThat(held()).isEqualTo(OLD);
    }
  }

  @Test
  void whatAPersonHasPutInThePlaceOfRestoredDataIsLeftAlone() throws IOException {
    try (Restoration restoration = prepare()) {
      restoration.apply();
    }
    Map<String, String> repaired =
        Map.of("raft_state.json", "other", SEGMENT, "of another backup", "collections/x/y", "more");
    repaired.forEach((name, text) -> directory.write(name, text, SINCE));
    directory.files().keySet().retainAll(repaired.keySet());

    assertLeavesAlone(repaired);
    try (Restoration left = source.resume(ID).orElseThrow()) {
      assertThat(failure(((RespectsRepair) left)::requireUnrepaired).kind())
          .isEqualTo(Kind.NOT_ROLLED_BACK);
    }
    rollBackLater(true);
    assertThat(held()).isEqualTo(OLD);
  }

  @Test
  void aVolumeThatHasLostWhatWasRestoredIsFilledAgain() throws IOException {
    try (Restoration restoration = prepare()) {
      restoration.apply();
    }
    fill(Map.of("raft_state.json", ""));

    rollBackLater(false);

    assertThat(held()).isEqualTo(OLD);
  }

  @Test
  void aPlaceThatWasLeftInTheMiddleOfTheExchangeIsPutBackAndAnythingElseIsLeftAlone()
      throws IOException {
    for (Map<String, String> middle :
        List.of(
            OLD, Map.<String, String>of(), Map.of("raft_state.json", "{", "collections/x/y", ""))) {
      killDuringTheExchange();
      fill(middle);
      rollBackLater(false);
      assertThat(held()).isEqualTo(OLD);
    }
    killDuringTheExchange();
    Map<String, String> repaired = Map.of(SEGMENT, "of another backup", "raft_state.json", "{}");
    fill(repaired);

    assertLeavesAlone(repaired);
    rollBackLater(true);
    assertThat(held()).isEqualTo(OLD);
  }

  @Test
  void afterARollbackThatFailedOnlyWhatItLeftIsReplaced() throws IOException {
    for (boolean repaired : new boolean[] {false, true}) {
      fill(OLD);
      try (Restoration restoration = prepare()) {
        restoration.apply();
        directory.files().put("of the server", PodmanDirectory.text("log"));
        directory.refuseWriting();
        assertThat(failure(restoration::rollback).kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
        directory.mend();
      }
      if (repaired) {
        directory.files().put(SEGMENT, PodmanDirectory.text("old vectorz"));
        assertLeavesAlone(held());
        assertLeavesAlone(held());
      }
      rollBackLater(repaired);
      assertThat(held()).isEqualTo(OLD);
    }
  }

  @Test
  void aPlaceThatIsNotAsBeforeAfterTheRollbackIsAFailure() throws IOException {
    try (Restoration restoration = prepare()) {
      restoration.apply();
      engine.answer("PUT /containers/store/archive", EngineDouble.json(200, ""));
      fill(OLD);
      directory.files().put(SEGMENT, PodmanDirectory.text("old vectorz"));

      assertThat(failure(restoration::rollback).kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
    }
  }

  private void killDuringTheExchange() throws IOException {
    fill(OLD);
    directory.refuseWriting();
    try (Restoration restoration = prepare()) {
      assertThat(failure(restoration::apply)).isNotNull();
    }
    directory.mend();
  }

  private void assertLeavesAlone(Map<String, String> repaired) {
    BackupException refusal = failure(() -> rollBackLater(false));
    assertThat(refusal.kind()).isEqualTo(Kind.NOT_ROLLED_BACK);
    assertThat(refusal)
        .hasMessageContaining(folder.resolve("work").resolve(ID + "-vectors") + "/old.tar")
        .hasMessageContaining("old.tar; the data there is neither")
        .hasMessageContaining("unlock --restore repaired")
        .hasMessageContaining("unlock --restore retry");
    assertThat(held()).isEqualTo(repaired);
  }

  private Optional<Path> rollBackLater(boolean replaceRepair) throws IOException {
    try (Restoration left = source.resume(ID).orElseThrow()) {
      if (replaceRepair) {
        ((RespectsRepair) left).replaceRepair();
      }
      left.rollback();
      return ((RespectsRepair) left).changesKept();
    }
  }

  @Test
  void whatWasSetAsideIsPutBackAndIsThereAfterARollback() throws IOException {
    restoreAndKeep();
    try (Restoration undo = prepareKept(Facts.NONE)) {
      undo.apply();
      assertThat(held()).isEqualTo(OLD);
      undo.rollback();
    }
    assertThat(held()).isEqualTo(RESTORED);
    try (Restoration undo = prepareKept(Facts.NONE)) {
      undo.apply();
    }
    try (Restoration left = source.resume("restore-2").orElseThrow()) {
      left.commit(false);
    }
    assertThat(held()).isEqualTo(OLD);
    assertThat(kept().kept("restore-2")).isPresent();
  }

  @Test
  void anUndoThatWasKilledInTheMiddleIsTakenBack() throws IOException {
    restoreAndKeep();
    directory.refuseWriting();
    try (Restoration undo = prepareKept(Facts.NONE)) {
      assertThat(failure(undo::apply)).isNotNull();
    }
    directory.mend();
    fill(Map.of(SEGMENT, OLD.get(SEGMENT)));

    try (Restoration left = source.resume("restore-2").orElseThrow()) {
      left.rollback();
    }

    assertThat(held()).isEqualTo(RESTORED);
    assertThat(kept().kept(ID)).isPresent();
  }

  @Test
  void whatWasSetAsideAndIsDamagedIsRefusedBeforeAnythingIsWritten() throws IOException {
    restoreAndKeep();
    Facts more = new Facts(Map.of("collections", List.of("openmemory")));
    assertThat(failure(() -> prepareKept(more)).kind()).isEqualTo(Kind.CORRUPT);
    Path tar = kept().kept(ID).orElseThrow().resolve("old.tar");
    try (FileChannel file = FileChannel.open(tar, StandardOpenOption.WRITE)) {
      file.truncate(700);
    }
    assertThat(failure(() -> prepareKept(Facts.NONE)).kind()).isEqualTo(Kind.CORRUPT);
    assertThat(held()).isEqualTo(RESTORED);
    assertThat(source.resume("restore-2")).isEmpty();
  }

  private void restoreAndKeep() throws IOException {
    try (Restoration restoration = prepare()) {
      restoration.apply();
      restoration.commit(false);
    }
  }

  private KeepsPrevious kept() {
    return (KeepsPrevious) source;
  }

  private Restoration prepareKept(Facts stated) throws IOException {
    return kept().prepareKept("restore-2", ID, stated, context());
  }

  private RunContext context() {
    return new RunContext(Clock.systemUTC(), folder, new Cancellation(), false, warning -> {});
  }

  private Restoration prepare() throws IOException {
    return source.prepare(ID, new Archive(tar()), context());
  }

  private static byte[] tar() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, String> file : new TreeMap<>(RESTORED).entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry("./" + file.getKey());
        entry.setSize(file.getValue().length());
        entry.setModTime(FileTime.from(BACKUP));
        tar.putArchiveEntry(entry);
        tar.write(PodmanDirectory.text(file.getValue()));
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private void fill(Map<String, String> files) {
    directory.files().clear();
    files.forEach((name, text) -> directory.write(name, text, BEFORE));
  }

  private Map<String, String> held() {
    Map<String, String> held = new TreeMap<>();
    directory
        .files()
        .forEach((name, bytes) -> held.put(name, new String(bytes, StandardCharsets.UTF_8)));
    return held;
  }

  private interface Step {
    void run() throws IOException;
  }

  private static BackupException failure(Step step) {
    return catchThrowableOfType(BackupException.class, step::run);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Archive(byte[] tar) implements BackupFiles {
    @Override
    public List<String> names() {
      return List.of("qdrant-storage.tar");
    }

    @Override
    public OptionalLong plainSize(String name) {
      return OptionalLong.of(tar.length);
    }

    @Override
    public InputStream open(String name) {
      return new ByteArrayInputStream(tar);
    }
  }
}
