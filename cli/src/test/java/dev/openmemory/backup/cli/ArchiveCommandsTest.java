package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.testconditions.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveCommandsTest {
  /** What tar starts for zstd. */
  private static final Path ZSTD = Path.of("/usr/bin/zstd");

  @TempDir Path temp;
  private SampleHome sample;

  @BeforeEach
  void make() throws IOException {
    sample = SampleHome.in(temp.resolve("openmemory"));
    sample.backUp("first");
  }

  @Test
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
    Path file = temp.resolve(name);
    assertThat(sample.run("export", "first", file.toString()).exitCode()).isZero();
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
    Path parent = sample.backups().resolve("..").normalize();
    tar("czf", file.toString(), "-C", parent.toString(), sample.backups().getFileName().toString());
    CommandLineRun run = importTo("there", file.toString());
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out()).contains("Imported backup second").contains("only its structure");
    assertSameFiles(temp.resolve("there/first"));
  }

  @Test
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
    Path file = temp.resolve("a.tar.zst");
    assertThat(sample.run("export", "first", file.toString()).exitCode()).isZero();
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {whole.length - 1, whole.length / 2, 20, 4}) {
      Files.write(file, Arrays.copyOf(whole, length));
      CommandLineRun run = importTo("there", file.toString());
      assertThat(run.exitCode()).as(length + run.text()).isEqualTo(5);
      assertThat(run.err()).contains("a.tar.zst").contains("not an intact zstd stream");
      assertThat(temp.resolve("there/first")).doesNotExist();
    }
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 1;
    Files.write(file, flipped);
    assertThat(importTo("there", file.toString()).exitCode()).isEqualTo(5);
    assertThat(temp.resolve("there/first")).doesNotExist();
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
    Path file = temp.resolve("a.tar");
    assertThat(sample.run("export", "first", file.toString()).exitCode()).isZero();
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {whole.length - 10240, whole.length / 2, 700, 0}) {
      Files.write(file, Arrays.copyOf(whole, length));
      CommandLineRun run = importTo("there", file.toString());
      assertThat(run.exitCode()).as(length + run.text()).isNotZero();
      assertThat(temp.resolve("there/first")).doesNotExist();
    }
    byte[] flipped = whole.clone();
    flipped[2000] ^= 1;
    Files.write(file, flipped);
    assertThat(importTo("there", file.toString()).exitCode()).isEqualTo(5);
    assertThat(temp.resolve("there/first")).doesNotExist();
  }

  @Test
  void aTakenNameKeepsWhatItIs() throws Exception {
    Path file = temp.resolve("a.tar");
    assertThat(sample.run("export", "first", file.toString()).exitCode()).isZero();
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
    tar("cf", file.toString(), "-C", temp.resolve("evil").toString(), "backups");
    CommandLineRun run = importTo("there", file.toString());
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).contains("symbolic link");
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

  private CommandLineRun importTo(String place, String... args) {
    String[] all = new String[args.length + 3];
    all[0] = "import";
    System.arraycopy(args, 0, all, 1, args.length);
    all[args.length + 1] = "--target";
    all[args.length + 2] = temp.resolve(place).toString();
    return CommandLineRun.of(all);
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
    String[] command = new String[args.length + 1];
    command[0] = "tar";
    System.arraycopy(args, 0, command, 1, args.length);
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
