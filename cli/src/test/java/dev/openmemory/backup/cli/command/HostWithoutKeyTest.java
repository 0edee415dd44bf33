package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Backups are made, kept and copied on a host that never had a private key, and opened elsewhere.
 */
class HostWithoutKeyTest extends SampleTest {
  @Test
  void allWorkOfABackupHostIsDoneWithoutAPrivateKey() throws Exception {
    EncryptionScheme age = EncryptionSchemes.named("age");
    Secret privateKey = age.newKeyFile(Instant.EPOCH);
    String publicKey =
        age.recipients(new KeyFile("a key", privateKey), PassphraseQuestion.NONE).get(0);
    Files.writeString(
        sample.home().resolve("openmemory-backup.yaml"), "encrypt-to: " + publicKey + "\n");
    String copy = temp.resolve("copy").toString();
    String archive = temp.resolve("third.tar").toString();

    for (String name : List.of("first", "second", "third")) {
      CommandLineRun made = sample.runOnStorage("backup", name);
      assertThat(made.exitCode()).as(made.text()).isZero();
    }
    assertSucceeds("list");
    assertSucceeds("show", "third");
    assertSucceeds("verify", "--all");
    assertSucceeds("pin", "second");
    assertSucceeds("prune", "--keep-last", "1", "--yes");
    assertSucceeds("sync", copy);
    assertSucceeds("export", "third", archive);
    assertSucceeds("delete", "third", "--yes");
    assertSucceeds("import", archive);
    assertSucceeds("verify", "--all", "--target", copy);
    assertThat(sample.run("list").out()).contains("second", "third").doesNotContain("first");
    assertThat(SampleHome.filesBelow(temp))
        .noneMatch(file -> contains(file, "AGE-SECRET-KEY"))
        .anyMatch(file -> contains(file, publicKey));

    Path key = temp.resolve("brought.key");
    Files.write(key, privateKey.bytes());
    for (String place : List.of(sample.backups().toString(), copy)) {
      Path elsewhere = temp.resolve("restored-from-" + Path.of(place).getFileName());
      CommandLineRun restored =
          CommandLineRun.of(
              "restore",
              "third",
              "--target",
              place,
              "--to",
              elsewhere.toString(),
              "--identity",
              key.toString());
      assertThat(restored.exitCode()).as(restored.text()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
      assertThat(elsewhere.resolve("api/config.json")).hasSameBinaryContentAs(sample.config());
      assertThat(elsewhere.resolve("qdrant-storage/collections/openmemory/segment.dat"))
          .hasSameBinaryContentAs(sample.storage().resolve("collections/openmemory/segment.dat"));
    }
  }

  private void assertSucceeds(String... command) {
    CommandLineRun run = sample.run(command);
    assertThat(run.exitCode()).as(run.text()).isZero();
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
