package dev.openmemory.backup.source.directory;

import static dev.openmemory.backup.source.directory.Storage.assertFails;
import static dev.openmemory.backup.source.directory.Storage.backup;
import static dev.openmemory.backup.source.directory.Storage.context;
import static dev.openmemory.backup.source.directory.Storage.files;
import static dev.openmemory.backup.source.directory.Storage.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.archive.Trees;
import dev.openmemory.backup.internal.qdrant.StorageLocks;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySourceTest {
  private static final int APPARENT = 1 << 20;

  @TempDir Path temporary;

  @Test
  void theServiceLoaderFindsIt() {
    assertThat(ServiceLoader.load(BackupSourceProvider.class))
        .anySatisfy(
            provider -> {
              assertThat(provider.type()).isEqualTo("directory");
              assertThat(provider.component()).isEqualTo("vectors");
            });
  }

  @Test
  void aStorageIsStoredSmallAndComesBackAsItWas() throws IOException {
    Path storage = small();
    Path stored = backup(storage, temporary.resolve("stored.tar.gz"));
    assertThat(Files.size(stored)).isLessThan(3_000);
    Path restored = Storage.restore(stored, temporary.resolve("restored"));
    assertThat(Trees.describe(restored)).isEqualTo(Trees.describe(storage));
  }

  @Test
  void factsOfTheCaptureAreThoseOfItsFiles() throws IOException {
    Path storage = Storage.cut(temporary.resolve("storage"));
    Path stored = temporary.resolve("stored.tar.gz");
    Facts facts;
    try (Capture capture = source(storage, false).capture(context())) {
      facts = capture.facts();
      Storage.store(capture, stored);
      assertThat(capture.detached()).isFalse();
      assertThat(capture.files().get(0).content().sizeHint().getAsLong())
          .isGreaterThan(facts.number("apparentBytes").getAsLong());
    }
    assertThat(facts.texts("collections")).containsExactly("openmemory");
    assertThat(facts.number("vectors", "openmemory", "size")).hasValue(4);
    Facts inspected = new DirectorySourceProvider().inspect(files(stored), context());
    assertThat(facts.values()).containsAllEntriesOf(inspected.values());
  }

  @Test
  void whatQdrantRecreatesAndWhatIsOursIsLeftOut() throws IOException {
    Path storage = small();
    for (String name :
        List.of(
            "tmp",
            ".deleted",
            ".qdrant_fs_check",
            "snapshots_temp",
            ".openmemory-backup",
            "lost+found",
            "collections/memories/0/temp_segments")) {
      Path folder = Files.createDirectories(storage.resolve(name));
      Files.writeString(folder.resolve("a"), "transient");
    }
    Files.createDirectories(storage.resolve("collections/tmp/0"));
    Files.writeString(storage.resolve("collections/tmp/config.json"), "{}");
    Path stored = backup(storage, temporary.resolve("stored.tar.gz"));
    Path copy = Files.createDirectory(temporary.resolve("copy"));
    try (Restoration restoration = source(copy, false).prepare("r1", files(stored), context())) {
      restoration.apply();
      restoration.commit(true);
    }
    assertThat(Trees.describe(copy).keySet())
        .containsExactlyInAnyOrder(
            "raft_state.json",
            "collections",
            "collections/memories",
            "collections/memories/config.json",
            "collections/memories/0",
            "collections/memories/0/wal",
            "collections/memories/0/wal/open-1",
            "collections/tmp",
            "collections/tmp/0",
            "collections/tmp/config.json");
  }

  @Test
  void aCollectionThatQdrantWouldSkipIsAWarning() throws IOException {
    Path storage = small();
    Path broken = Files.createDirectory(storage.resolve("collections/broken"));
    List<Warning> warnings = new ArrayList<>();
    try (Capture capture = source(storage, false).capture(context(warnings::add))) {
      assertThat(capture.facts().texts("collections")).containsExactly("memories");
    }
    assertThat(warnings)
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo("collection-without-config");
              assertThat(warning.message()).contains(broken.toString());
            });
  }

  @Test
  void aLinkThatLeavesTheStorageIsRefused() throws IOException {
    Path storage = small("openmemory");
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    Path collections = storage.resolve("collections");
    Files.move(collections.resolve("openmemory"), disk.resolve("openmemory"));
    for (String target : List.of(disk + "/openmemory", "../../disk/openmemory")) {
      Path link = Files.createSymbolicLink(collections.resolve("openmemory"), Path.of(target));
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> source(storage, false).preflight(context()),
              () -> source(storage, false).capture(context()))) {
        assertFails(Kind.UNSUPPORTED, call, link.toString(), "symbolic link to " + target);
      }
      Files.delete(link);
    }
    Files.delete(collections);
    Files.createSymbolicLink(collections, disk);
    assertFails(Kind.UNSUPPORTED, () -> source(storage, false).preflight(context()));
  }

  @Test
  void aLinkToTheStorageIsFollowed() throws IOException {
    Path storage = small();
    Path link = Files.createSymbolicLink(temporary.resolve("link"), storage);
    source(link, false).preflight(context());
    Path stored = backup(link, temporary.resolve("stored.tar.gz"));
    Map<String, String> before = Trees.describe(storage);
    Files.delete(storage.resolve("raft_state.json"));

    try (Restoration restoration = source(link, false).prepare("r1", files(stored), context())) {
      restoration.apply();
      restoration.commit(true);
    }

    assertThat(link).isSymbolicLink();
    assertThat(Trees.describe(storage)).isEqualTo(before);
  }

  @Test
  void preflightTellsWhatIsWrongWithTheDirectory() throws IOException {
    Path missing = temporary.resolve("missing");
    assertFails(
        Kind.NOT_FOUND, () -> source(missing, false).preflight(context()), missing.toString());
    Path file = Files.createFile(temporary.resolve("file"));
    assertFails(Kind.INVALID, () -> source(file, false).preflight(context()), file.toString());
    Path other = Files.createDirectory(temporary.resolve("other"));
    source(other, false).preflight(context());
    try (Capture capture = source(other, false).capture(context())) {
      assertThat(capture.facts().texts("collections")).isEmpty();
      assertThat(capture.facts().number("files")).hasValue(0);
    }
    Files.createFile(other.resolve("holiday.jpg"));
    assertFails(Kind.INVALID, () -> source(other, false).preflight(context()), "raft_state.json");
    Path stored = backup(small("stored"), temporary.resolve("stored.tar.gz"));
    assertFails(
        Kind.INVALID,
        () -> source(other, false).prepare("r1", files(stored), context()),
        "raft_state.json");
    assertThat(other).isDirectoryContaining("glob:**holiday.jpg");
    source(small(), false).preflight(context());
  }

  @Test
  void preflightNamesTheFirstFileThatCannotBeRead() throws IOException {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may read everything");
    Path storage = small();
    Path wal = storage.resolve("collections/memories/0/wal/open-1");
    Files.setPosixFilePermissions(wal, PosixFilePermissions.fromString("-w-------"));
    assertFails(Kind.DENIED, () -> source(storage, false).preflight(context()), wal.toString());
  }

  @Test
  void aStorageThatAProcessHoldsIsRefusedUnlessAllowed() throws Exception {
    Path storage = small();
    Path stored = backup(storage, temporary.resolve("stored.tar.gz"));
    Path locks = Files.createFile(temporary.resolve("locks"));
    BackupSource source = new DirectorySource(storage, false, locks);
    try (Restoration restoration = source.prepare("r1", files(stored), context())) {
      String wal = StorageLocks.key(storage.resolve("collections/memories/0/wal"));
      Files.writeString(
          locks,
          "1: POSIX  ADVISORY  WRITE 7 08:01:99 0 EOF\n"
              + ("2: FLOCK  ADVISORY  WRITE 708 " + wal + " 0 EOF\n"));
      assertFails(
          Kind.LOCKED,
          () -> source.preflight(context()),
          storage.toString(),
          "in use by process 708");
      assertFails(Kind.LOCKED, () -> source.capture(context()));
      assertFails(Kind.LOCKED, restoration::apply);
      BackupSource allowing = new DirectorySource(storage, true, locks);
      allowing.preflight(context());
      List<Warning> warnings = new ArrayList<>();
      allowing.capture(context(warnings::add)).close();
      assertThat(warnings).extracting(Warning::code).containsExactly("live-storage");
    }
    Files.writeString(locks, "");
    source.preflight(context());
  }

  @Test
  void aFileThatChangesAfterTheCaptureFailsTheBackup() throws IOException {
    Path storage = small();
    try (Capture capture = source(storage, false).capture(context())) {
      Path wal = storage.resolve("collections/memories/0/wal/open-1");
      Files.write(wal, new byte[1], StandardOpenOption.APPEND);
      assertFails(
          Kind.INCONSISTENT,
          () -> capture.files().get(0).content().writeTo(OutputStream.nullOutputStream()),
          wal.toString());
    }
  }

  @Test
  void rollbackGivesBackWhatWasThere() throws IOException {
    Path storage = small();
    Files.writeString(storage.resolve(".dot"), "kept");
    Map<String, String> before = Trees.describe(storage);
    Path stored = backup(small("openmemory"), temporary.resolve("stored.tar.gz"));
    try (Restoration restoration = source(storage, false).prepare("r1", files(stored), context())) {
      restoration.apply();
      assertThat(storage.resolve("collections/openmemory/config.json")).exists();
      assertThat(storage.resolve(".dot")).doesNotExist();
      restoration.rollback();
    }
    assertThat(Trees.describe(storage)).isEqualTo(before);
  }

  @Test
  void aDamagedArchiveFailsBeforeAnythingIsTouchedAndLeavesNothing() throws IOException {
    Path storage = small();
    Map<String, String> before = Trees.describe(storage);
    byte[] stored = Files.readAllBytes(backup(storage, temporary.resolve("stored.tar.gz")));
    Path plain = temporary.resolve("cut.tar.gz");
    byte[] tar;
    try (var in = files(temporary.resolve("stored.tar.gz")).open("qdrant-storage.tar")) {
      tar = in.readAllBytes();
    }
    assertThat(stored).isNotEmpty();
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(plain))) {
      out.write(tar, 0, tar.length - 10_240);
    }
    assertFails(Kind.CORRUPT, () -> source(storage, false).prepare("r1", files(plain), context()));
    assertFails(Kind.CORRUPT, () -> new DirectorySourceProvider().inspect(files(plain), context()));
    assertThat(Trees.describe(storage)).isEqualTo(before);
  }

  @Test
  void theStatedSizeBoundsWhatIsUnpackedAndAnHonestRatioOfHundredsPasses() throws IOException {
    Path stored = backup(small(), temporary.resolve("stored.tar.gz"));
    Storage.Stored lying = new Storage.Stored(stored, OptionalLong.of(APPARENT / 10_000));
    DirectorySourceProvider provider = new DirectorySourceProvider();
    assertFails(Kind.CORRUPT, () -> provider.inspect(lying, context()), "limit");
    Path target = temporary.resolve("target");
    assertFails(Kind.CORRUPT, () -> source(target, false).prepare("r", lying, context()), "limit");
    assertThat(target).doesNotExist();
    Storage.Stored honest = new Storage.Stored(stored, OptionalLong.of(2 * APPARENT));
    assertThat(APPARENT / Files.size(stored)).isGreaterThan(300);
    assertThat(provider.inspect(honest, context()).number("apparentBytes").getAsLong())
        .isGreaterThanOrEqualTo(APPARENT);
  }

  @Test
  void unknownOptionsAreRefused() {
    assertFails(
        Kind.UNSUPPORTED,
        () ->
            new DirectorySourceProvider()
                .open(new ProviderOptions("directory", Map.of("path", "x", "live", "true"))),
        "live");
    assertFails(
        Kind.INVALID,
        () -> new DirectorySourceProvider().open(new ProviderOptions("directory", Map.of())),
        "path");
  }

  private Path small() throws IOException {
    return small("memories");
  }

  private Path small(String collection) throws IOException {
    Path storage = Files.createDirectory(temporary.resolve("storage-" + collection));
    Path wal = Files.createDirectories(storage.resolve("collections/" + collection + "/0/wal"));
    Files.write(wal.resolve("open-1"), new byte[APPARENT]);
    Files.writeString(storage.resolve("collections/" + collection + "/config.json"), "{}");
    Files.writeString(storage.resolve("raft_state.json"), "{}");
    return storage;
  }
}
