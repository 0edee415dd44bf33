package dev.openmemory.backup.cli.command.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.testconditions.Mount;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and pages on a disk that is full or read-only: none is there in part. */
@Tag("services")
class KeyDiskTest {
  @TempDir Path temp;

  private Mount mount;
  private Path disk;
  private String key;

  @BeforeEach
  void mount() throws IOException {
    key = temp.resolve("backup.key").toString();
    assertThat(CommandLineRun.of("key", "generate", "-o", key).exitCode()).isZero();
    disk = Files.createDirectory(temp.resolve("disk"));
    mount = Mount.tmpfs(disk, "size=64k,mode=0700");
    Files.writeString(disk.resolve("taken.key"), "mine");
    Files.writeString(disk.resolve("taken.svg"), "mine");
  }

  @AfterEach
  void unmount() throws IOException {
    mount.close();
  }

  @Test
  void aFullDiskHasNoPartOfAKeyOrAPage() throws IOException {
    fill();

    assertNothingIsWritten("NO_SPACE");
  }

  @Test
  void aDiskWithRoomForHalfAPageHasNoPartOfIt() throws IOException {
    byte[] rest = fill();
    Files.write(disk.resolve("rest"), new byte[rest.length - 4096]);

    assertFails(show("page.svg"), "NO_SPACE");
    assertIsAsBefore();
  }

  @Test
  void aReadOnlyDiskHasNoPartOfAKeyOrAPage() throws IOException {
    mount.remount("ro");

    assertNothingIsWritten("DENIED");
  }

  /** What filled the disk. */
  private byte[] fill() throws IOException {
    Path rest = disk.resolve("rest");
    try (OutputStream out = Files.newOutputStream(rest)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException e) {
      return Files.readAllBytes(rest);
    }
  }

  private void assertNothingIsWritten(String kind) throws IOException {
    assertFails(CommandLineRun.of("key", "generate", "-o", at("new.key"), "--json"), kind);
    assertFails(show("page.svg"), kind);
    assertFails(show("page.txt"), kind);
    assertFails(
        CommandLineRun.of("key", "generate", "-o", at("taken.key"), "--json"), "ALREADY_EXISTS");
    assertFails(show("taken.svg"), "ALREADY_EXISTS");
    assertIsAsBefore();
  }

  private CommandLineRun show(String page) {
    return CommandLineRun.of("key", "show", key, "--qr", at(page), "--json");
  }

  private String at(String name) {
    return disk.resolve(name).toString();
  }

  private static void assertFails(CommandLineRun run, String kind) {
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.json().at("/error/kind").asString()).as(run.text()).isEqualTo(kind);
    assertThat(run.text()).doesNotContain("AGE-SECRET-KEY");
  }

  private void assertIsAsBefore() throws IOException {
    Files.deleteIfExists(disk.resolve("rest"));
    assertThat(disk.toFile().list()).containsExactlyInAnyOrder("taken.key", "taken.svg");
    assertThat(disk.resolve("taken.key")).hasContent("mine");
    assertThat(disk.resolve("taken.svg")).hasContent("mine");
  }
}
