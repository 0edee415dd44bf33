package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.output.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The picture in the README shows what the program prints. */
class TerminalPictureTest {
  private static final Path PICTURE =
      Path.of(System.getProperty("openmemory.root"), "docs/terminal.svg");

  @TempDir Path temp;

  @Test
  void thePictureOfTheReadmeIsARealRun() throws IOException {
    SampleHome sample = SampleHome.in(Files.createDirectory(temp.resolve("openmemory")));
    byte[] vectors = new byte[1_200_000];
    // Of random bytes each compressor makes the same size.
    new Random(42).nextBytes(vectors);
    Files.write(sample.storage().resolve("collections/openmemory/segment.dat"), vectors);
    TerminalPicture picture = new TerminalPicture();
    show(picture, sample, ExitCodes.WARNINGS, "backup", "before-upgrade", "--quiet");
    show(picture, sample, ExitCodes.OK, "list");
    show(picture, sample, ExitCodes.OK, "restore", "latest", "--dry-run", "--quiet");
    String svg = picture.svg("A backup, the list of backups, and a restore that only checks");

    Path folder = Files.createDirectories(Path.of("target"));
    Path made = Files.writeString(folder.resolve("terminal.svg"), svg);

    assertThat(PICTURE)
        .as("docs/terminal.svg; after a change of the output look at %s and copy it", made)
        .content()
        .isEqualTo(svg);
  }

  private static void show(
      TerminalPicture picture, SampleHome sample, int exitCode, String... command) {
    CommandLineRun run =
        new CommandLineRun.Surroundings()
            .at(Instant.parse("2026-03-01T02:30:00Z"), Duration.ofMillis(1400))
            .with("OPENMEMORY_BACKUP_STORAGE_PATH", sample.storage())
            .run(sample.here(command));
    assertThat(run.exitCode()).as(run.text()).isEqualTo(exitCode);
    picture.add(
        "openmemory-backup " + String.join(" ", command),
        run.out().replace(sample.home().toString(), "/srv/openmemory"));
  }
}
