package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.terminal.InterruptibleInput;
import dev.openmemory.backup.testconditions.Requires;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveCommandsTest extends SampleTest {
  /** What tar starts for zstd. */
  private static final Path ZSTD = Path.of("/usr/bin/zstd");

  private String there;

  @BeforeEach
  void backUp() {
    there = temp.resolve("there").toString();
    sample.backUp("first");
  }

  @Test
  @Tag("services")
  void ourArchiveUnpacksWithTar() throws Exception {
    Requires.that(Files.isExecutable(ZSTD), "zstd");
    for (String file : new String[] {"a.tar", "a.tar.gz", "a.tgz", "a.tar.zst", "a.tzst"}) {
      CommandLineRun run = sample.run("export", "first", temp.resolve(file).toString());
      assertThat(run.exitCode()).as(run.text()).isZero();
      Path out = Files.createDirectories(temp.resolve("out-" + file));
      tar("xf", temp.resolve(file).toString(), "-C", out.toString());
      assertSameFiles(out.resolve("backups/first"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.tar", "a.tar.gz", "a.tar.zst"})
  void ourArchiveComesBack(String name) throws Exception {
    Path file = exported(name);
    CommandLineRun run = importTo("there", file.toString());
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertSameFiles(temp.resolve("there/first"));
    CommandLineRun again = importTo("there", file.toString(), "--json");
    assertThat(again.json().get("import").get("backups").get(0).get("outcome").asString())
        .isEqualTo("same");
    CommandLineRun renamed = importTo("there", file.toString(), "--as", "other");
    assertThat(renamed.exitCode()).as(renamed.text()).isZero();
    CommandLineRun verified =
        CommandLineRun.of("verify", "other", "--target", temp.resolve("there").toString());
    assertThat(verified.exitCode()).as(verified.text()).isZero();
  }

  @Test
  void theGuidesTarOfAllBackupsComesIn() throws Exception {
    Files.delete(sample.backups().resolve("first/manifest.json"));
    sample.backUp("second");
    Path file = temp.resolve("all.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      PlainTar.pack(sample.home(), "backups", out);
    }
    CommandLineRun run = importTo("there", file.toString());
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out()).contains("Imported backup second").contains("only its structure");
    assertSameFiles(temp.resolve("there/first"));
  }

  @Test
  @Tag("services")
  void whatTarPackedWithZstdComesIn() throws Exception {
    Requires.that(Files.isExecutable(ZSTD), "zstd");
    Path file = temp.resolve("guide.tar.zst");
    Path parent = sample.backups().resolve("..").normalize();
    tar("--zstd", "-cf", file.toString(), "-C", parent.toString(), "backups/first");
    CommandLineRun run = importTo("there", file.toString());
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertSameFiles(temp.resolve("there/first"));
  }

  @Test
  void aZstdArchiveThatIsCutOffOrDamagedLeavesNothing() throws Exception {
    Path file = exported("a.tar.zst");
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {whole.length - 1, whole.length / 2, 20, 4}) {
      CommandLineRun run = importDamaged(file, Arrays.copyOf(whole, length));
      assertThat(run.exitCode()).as(length + run.text()).isEqualTo(5);
      assertThat(run.err()).contains("a.tar.zst").contains("not an intact zstd stream");
    }
    whole[whole.length / 2] ^= 1;
    assertThat(importDamaged(file, whole).exitCode()).isEqualTo(5);
  }

  @Test
  void aWindowOfTooMuchMemoryIsRefusedWithTheWayAround() throws Exception {
    // A frame without flags, of a window of 2^28 bytes, with one empty block.
    Path file = temp.resolve("wide.tar.zst");
    Files.write(file, HexFormat.of().parseHex("28b52ffd0090010000"));
    CommandLineRun run = importTo("there", file.toString());
    assertThat(run.exitCode()).as(run.text()).isEqualTo(ExitCodes.FAILED);
    assertThat(run.err()).contains("wide.tar.zst").contains("128 MiB").contains("--long=31");
  }

  @Test
  void whatIsCutOffOrDamagedLeavesNothing() throws Exception {
    Path file = exported("a.tar");
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {whole.length - 10240, whole.length / 2, 700, 0}) {
      CommandLineRun run = importDamaged(file, Arrays.copyOf(whole, length));
      assertThat(run.exitCode()).as(length + run.text()).isNotZero();
    }
    whole[2000] ^= 1;
    assertThat(importDamaged(file, whole).exitCode()).isEqualTo(5);
  }

  @Test
  void aTakenNameKeepsWhatItIs() throws Exception {
    Path file = exported("a.tar");
    sample.run("delete", "first", "--yes");
    sample.backUp("first");
    byte[] before = Files.readAllBytes(sample.backups().resolve("first/manifest.json"));
    CommandLineRun run = sample.run("import", file.toString());
    assertThat(run.err()).contains("another backup has this name");
    assertThat(sample.backups().resolve("first/manifest.json")).hasBinaryContent(before);
  }

  @Test
  void linksAreRefused() throws Exception {
    Path folder = Files.createDirectories(temp.resolve("evil/backups/x"));
    Files.createSymbolicLink(folder.resolve("openmemory.db"), Path.of("config.json"));
    Path file = temp.resolve("evil.tar");
    try (OutputStream out = Files.newOutputStream(file)) {
      PlainTar.pack(temp.resolve("evil"), "backups", out);
    }
    CommandLineRun run = importTo("there", file.toString());
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).contains("symbolic link");
  }

  @Test
  void whatIsExportedToOneStreamIsImportedFromAnother() {
    Surroundings sender = new Surroundings();
    assertThat(sender.run(sample.here("export", "first", "-")).exitCode()).isZero();
    CommandLineRun run =
        new Surroundings()
            .reading(() -> new ByteArrayInputStream(sender.bytes()))
            .run("import", "-", "--target", there);
    assertThat(run.exitCode()).as(run.text()).isZero();
    CommandLineRun verified = CommandLineRun.of("verify", "first", "--target", there);
    assertThat(verified.exitCode()).as(verified.text()).isZero();
  }

  /** Two thirds of the archive are sent, and the name is claimed. */
  @Test
  @Timeout(60)
  void anImportThatWaitsForMoreEndsOnRequestAndLeavesNothing() throws Exception {
    Path file = exported("half.tar");
    ByteBuffer sent = ByteBuffer.wrap(Files.readAllBytes(file));
    sent.limit(sent.limit() * 2 / 3);
    Pipe pipe = Pipe.open();
    Surroundings receiver = new Surroundings().reading(() -> new InterruptibleInput(pipe.source()));
    FutureTask<CommandLineRun> run =
        new FutureTask<>(() -> receiver.run("import", "-", "--target", there));
    new Thread(run).start();
    try (var sink = pipe.sink()) {
      while (sent.hasRemaining()) {
        sink.write(sent);
      }
      while (!Files.exists(Path.of(there, "first/in-progress.json"))) {
        assertThat(run.isDone()).isFalse();
        Thread.onSpinWait();
      }
      receiver.stop();
      assertThat(run.get().exitCode()).as(run.get().text()).isEqualTo(130);
    }
    assertThat(SampleHome.filesBelow(Path.of(there))).isEmpty();
  }

  @Test
  void leftoversOfAKilledImportAreNotListedAndTheNextRemovesThem() throws Exception {
    Path left = SampleHome.leftByAKilledRun(Path.of(there, "first"));
    CommandLineRun list = CommandLineRun.of("list", "--target", there, "--json");
    assertThat(list.json().get("backups")).isEmpty();
    Path file = exported("a.tar.gz");
    CommandLineRun next = importTo("there", file.toString(), "--as", "next");
    assertThat(next.exitCode()).as(next.text()).isZero();
    assertThat(left).doesNotExist();
    assertThat(Path.of(there, "next/manifest.json")).exists();
  }

  @Test
  void withoutTheLibraryOfZstdAllElseWorks() throws Exception {
    Path packed = exported("a.tar.zst");
    Path plain = temp.resolve("a.tar");
    Path none = temp.resolve("none.tar.zst");
    try (IsolatedCommandLine line = IsolatedCommandLine.without("zstd-jni")) {
      String[] export = sample.here("export", "first", plain.toString());
      assertThat(line.run(export).exitCode()).isZero();
      String[] take = {"import", plain.toString(), "--target", there};
      assertThat(line.run(take).exitCode()).isZero();
      for (CommandLineRun run :
          List.of(
              line.run(sample.here("export", "first", none.toString())),
              line.run("import", packed.toString(), "--target", there + "2"))) {
        assertThat(run.exitCode()).as(run.text()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.err()).contains("zstd-jni is not on the class path", "zstd -dc");
      }
    }
    assertThat(none).doesNotExist();
    assertThat(Path.of(there + "2/first")).doesNotExist();
  }

  @Test
  void theFormIsThatOfTheName() {
    CommandLineRun run = sample.run("export", "first", temp.resolve("a.rar").toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(".tar.gz").contains("--format");
    CommandLineRun user =
        sample.run("export", "first", temp.resolve("a.tar").toString(), "--user", "bob");
    assertThat(user.exitCode()).isEqualTo(2);
  }

  private Path exported(String name) {
    Path file = temp.resolve(name);
    CommandLineRun run = sample.run("export", "first", file.toString());
    assertThat(run.exitCode()).as(run.text()).isZero();
    return file;
  }

  private CommandLineRun importDamaged(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    CommandLineRun run = importTo("there", file.toString());
    assertThat(temp.resolve("there/first")).doesNotExist();
    return run;
  }

  private CommandLineRun importTo(String place, String... args) {
    String target = temp.resolve(place).toString();
    return CommandLineRun.of(SampleHome.with(args, "import", "--target", target));
  }

  private void assertSameFiles(Path folder) throws IOException {
    Path original = sample.backups().resolve("first");
    try (var files = Files.list(original)) {
      for (Path file : files.toList()) {
        assertThat(folder.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
    try (var there = Files.list(folder);
        var here = Files.list(original)) {
      assertThat(there.count()).isEqualTo(here.count());
    }
  }

  private static void tar(String... args) throws Exception {
    String[] command = SampleHome.with(args, "tar");
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
