package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandTest {
  private static final String RECIPIENT = "age1[a-z0-9]{58}";
  private static final String PRIVATE = "AGE-SECRET-KEY-1";

  @TempDir Path folder;

  @Test
  void aNewKeyIsInAPrivateFileAndOnlyItsPublicKeyIsShown() throws IOException {
    Path file = folder.resolve("backup.key");

    CommandLineRun run = CommandLineRun.of("key", "generate", "-o", file.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).containsPattern("Public key:  " + RECIPIENT).contains(file.toString());
    assertThat(run.text()).doesNotContain(PRIVATE);
    assertThat(file).content().contains(PRIVATE);
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void anExistingFileIsNotReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("backup.key"), "mine");

    CommandLineRun run = CommandLineRun.of("key", "generate", "-o", file.toString(), "--json");

    assertThat(run.json().at("/error/kind").asString()).isEqualTo("ALREADY_EXISTS");
    assertThat(file).hasContent("mine");
  }

  @Test
  void withoutAFileTheKeyIsTheResultAndThePublicKeyIsBesideIt() {
    CommandLineRun run = CommandLineRun.of("key", "generate");

    assertThat(run.out()).containsPattern("(?s)^# created: .*\n" + PRIVATE + "[A-Z0-9]{58}\n$");
    assertThat(run.err()).containsPattern("Public key:  " + RECIPIENT).doesNotContain(PRIVATE);
  }

  @Test
  void aKeyFileShowsThePublicKeyThatItWasMadeWith() {
    Path file = folder.resolve("backup.key");
    String made =
        CommandLineRun.of("key", "generate", "-o", file.toString(), "--json")
            .json()
            .at("/key/recipients/0")
            .asString();

    CommandLineRun shown = CommandLineRun.of("key", "show", file.toString());

    assertThat(shown.exitCode()).isZero();
    assertThat(shown.out()).isEqualTo(made + "\n");
  }

  @Test
  void aProtectedKeyNeedsItsPassphraseFromAFileOrATerminal() throws IOException {
    EncryptionScheme age = EncryptionSchemes.named("age");
    Secret key = age.newKeyFile(Instant.EPOCH);
    Path file = folder.resolve("backup.key");
    KeyFiles.write(file, age.protect(key, Secret.of("right")));
    Path right = Files.writeString(folder.resolve("right"), "right\nand more\n");
    Path wrong = Files.writeString(folder.resolve("wrong"), "wrong\n");

    CommandLineRun asked = CommandLineRun.of("key", "show", file.toString());
    assertThat(asked.exitCode()).isEqualTo(7);
    assertThat(asked.err()).contains("--passphrase-file");
    CommandLineRun refused = show(file, wrong);
    assertThat(refused.err()).contains("the passphrase does not open it");
    assertThat(refused.exitCode()).isEqualTo(7);
    assertThat(show(file, right).out()).matches(RECIPIENT + "\n");
  }

  @Test
  void aFileWithoutAKeyIsNotShown() throws IOException {
    Path file = Files.writeString(folder.resolve("note"), "hunter2");

    CommandLineRun run = CommandLineRun.of("key", "show", file.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("line 1 is no private key").doesNotContain("hunter2");
    assertThat(CommandLineRun.of("key", "show", folder.resolve("gone").toString()).exitCode())
        .isEqualTo(4);
  }

  private static CommandLineRun show(Path file, Path passphrase) {
    return CommandLineRun.of(
        "key", "show", file.toString(), "--passphrase-file", passphrase.toString());
  }
}
