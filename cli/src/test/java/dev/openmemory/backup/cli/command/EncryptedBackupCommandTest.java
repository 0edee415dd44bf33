package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.output.ExitCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Encryption on the command line: the public key where backups are made, the private one apart. */
class EncryptedBackupCommandTest extends SampleTest {
  private Path key = Path.of("");
  private String recipient = "";

  @BeforeEach
  void makeKey() {
    key = temp.resolve("private.key");
    recipient = newKey(key);
  }

  private static String newKey(Path file) {
    return CommandLineRun.of("key", "generate", "-o", file.toString(), "--json")
        .json()
        .at("/key/recipients/0")
        .asString();
  }

  /** Without a warning of the literal key in the sample, which is encrypted with the rest. */
  private void backUp(String name, String... options) {
    CommandLineRun made = sample.runOnStorage(SampleHome.with(options, "backup", name));
    assertThat(made.exitCode()).as(made.text()).isEqualTo(ExitCodes.OK);
    assertThat(made.text()).doesNotContain("literal-key");
  }

  @Test
  void aBackupIsMadeWithThePublicKeyAndRestoredWithThePrivateOne() {
    backUp("first", "--encrypt-to", recipient);
    Path elsewhere = temp.resolve("elsewhere");
    String to = elsewhere.toString();

    CommandLineRun without = sample.run("restore", "first", "--to", to);
    assertThat(without.exitCode()).isEqualTo(7);
    assertThat(without.err()).contains("no private key was given").contains("--identity FILE");
    CommandLineRun with = sample.run("restore", "first", "--to", to, "--identity", key.toString());

    assertThat(with.text()).doesNotContain("AGE-SECRET-KEY");
    assertThat(with.exitCode()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
    assertThat(elsewhere.resolve("api/config.json")).hasSameBinaryContentAs(sample.config());
  }

  @Test
  void eachOfSeveralKeysOpensABackupAlsoWhenTheSettingsListThem() throws IOException {
    Path other = temp.resolve("other.key");
    String otherRecipient = newKey(other);
    backUp("by-options", "--encrypt-to", recipient, "--encrypt-to", otherRecipient);
    Files.writeString(
        sample.home().resolve("openmemory-backup.yaml"),
        "encrypt-to: " + recipient + "," + otherRecipient + "\n");
    backUp("by-settings");

    for (String name : new String[] {"by-options", "by-settings"}) {
      for (Path each : new Path[] {key, other}) {
        CommandLineRun verified = sample.run("verify", name, "--identity", each.toString());
        assertThat(verified.exitCode()).as(verified.text()).isZero();
        assertThat(verified.out()).doesNotContain("Only the stored bytes");
      }
    }
  }

  @Test
  void verifyWithoutTheKeySaysThatItComparedTheStoredBytesOnly() throws IOException {
    backUp("first", "--encrypt-to", recipient);

    CommandLineRun stored = sample.run("verify", "first");
    assertThat(stored.exitCode()).isZero();
    assertThat(stored.out()).contains("Only the stored bytes were compared");
    CommandLineRun content = sample.run("verify", "first", "--identity", key.toString());
    assertThat(content.exitCode()).isZero();
    assertThat(content.out()).doesNotContain("Only the stored bytes");

    Path file = sample.backups().resolve("first/config.json.age");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThat(sample.run("verify", "first").exitCode()).isEqualTo(ExitCodes.VERIFICATION_FAILED);
  }

  @Test
  void showTellsTheContentsToTheOwnerOfTheKeyOnly() {
    backUp("first", "--encrypt-to", recipient);

    CommandLineRun sealed = sample.run("show", "first");
    assertThat(sealed.out()).contains("encrypted to " + recipient).contains("--identity FILE");
    assertThat(sealed.out()).doesNotContain("integrityCheck");
    assertThat(sample.run("show", "first", "--identity", key.toString()).out())
        .contains("integrityCheck");
    JsonNode json = sample.run("show", "first", "--json").json();
    assertThat(json.at("/backup/manifest/encryption/recipients/0").asString()).isEqualTo(recipient);
  }

  @Test
  void anotherKeyIsAWrongKeyAndAMissingFileIsNotFound() {
    backUp("first", "--encrypt-to", recipient);
    Path other = temp.resolve("other.key");
    newKey(other);

    CommandLineRun wrong = sample.run("verify", "first", "--json", "--identity", other.toString());
    assertThat(wrong.json().at("/error/kind").asString()).isEqualTo("WRONG_KEY");
    assertThat(wrong.exitCode()).isEqualTo(7);
    String gone = temp.resolve("gone.key").toString();
    assertThat(sample.run("verify", "first", "--identity", gone).exitCode()).isEqualTo(4);
    assertThat(sample.run("list", "--identity", gone).exitCode()).isZero();
    assertThat(
            sample
                .run(
                    "verify", "first", "--identity", other.toString(), "--identity", key.toString())
                .exitCode())
        .isZero();
  }

  @Test
  void verifyOfAllGoesOnAfterABackupThatTheKeyDoesNotOpen() throws IOException {
    backUp("first", "--encrypt-to", recipient);
    backUp("second", "--encrypt-to", newKey(temp.resolve("other.key")));
    assertThat(sample.runOnStorage("backup", "third").exitCode()).isEqualTo(ExitCodes.WARNINGS);
    String[] all = {"verify", "--all", "--json", "--identity", key.toString()};

    CommandLineRun verified = sample.run(all);
    assertThat(verified.exitCode()).as(verified.text()).isEqualTo(7);
    assertThat(verified.err()).contains("second").contains("none of the keys opens it");
    assertThat(verified.json().at("/backups")).hasSize(3);
    for (JsonNode backup : verified.json().at("/backups")) {
      assertThat(backup.at("/storedBytesOnly").asBoolean())
          .isEqualTo(backup.at("/name").asString().equals("second"));
    }

    Files.writeString(sample.backups().resolve("third/config.json"), "{}");
    assertThat(sample.run(all).exitCode()).isEqualTo(ExitCodes.VERIFICATION_FAILED);
  }

  @Test
  void keysComeFromAFileTheEnvironmentAndTheSettingsToo() throws IOException {
    Path recipients = Files.writeString(temp.resolve("recipients"), "# me\n\n" + recipient + "\n");
    backUp("by-file", "--recipients-file", recipients.toString());
    Files.writeString(
        sample.home().resolve("openmemory-backup.yaml"),
        "encrypt-to: " + recipient + "\nidentity-file: " + key + "\n");
    backUp("by-settings");

    for (String name : new String[] {"by-file", "by-settings"}) {
      CommandLineRun verified = sample.run("verify", name, "--json");
      assertThat(verified.json().at("/backups/0/ok").asBoolean()).isTrue();
      assertThat(verified.json().at("/backups/0/storedBytesOnly").asBoolean()).isFalse();
    }
    Files.delete(sample.home().resolve("openmemory-backup.yaml"));
    CommandLineRun byVariable =
        new CommandLineRun.Surroundings()
            .with("OPENMEMORY_BACKUP_IDENTITY_FILE", key)
            .run(sample.here("verify", "by-file", "--json"));
    assertThat(byVariable.json().at("/backups/0/storedBytesOnly").asBoolean()).isFalse();
  }

  @Test
  void whatWasCompressedByAnotherMethodIsCompressedAgain() throws Exception {
    sample.runOnStorage("backup", "small", "--compression", "zstd");
    String publicKey = newKey(temp.resolve("zstd.key"));
    CommandLineRun made = sample.run("reencrypt", "small", "--encrypt-to", publicKey);
    assertThat(made.text()).contains("qdrant-storage.tar.gz.age");
  }

  @Test
  void aBackupGetsOtherKeysAndTheOldOneStaysUntilItIsNotWanted() {
    backUp("first", "--encrypt-to", recipient);
    Path other = temp.resolve("other.key");
    String[] reencrypt = {"reencrypt", "first", "--encrypt-to", newKey(other)};

    assertThat(sample.run(reencrypt).exitCode()).as("without the key").isEqualTo(7);
    CommandLineRun made = sample.run(SampleHome.with(reencrypt, "--identity", key.toString()));
    assertThat(made.exitCode()).as(made.text()).isZero();
    assertThat(made.text()).contains("first-reencrypted").contains("delete first");
    assertThat(sample.run("verify", "first", "--identity", key.toString()).exitCode()).isZero();
    String[] byOther = {"verify", "first-reencrypted", "--identity", other.toString()};
    assertThat(sample.run(byOther).exitCode()).isZero();

    String[] again = {"--identity", key.toString(), "--as", "second", "--delete-old"};
    assertThat(sample.run("pin", "first").exitCode()).isZero();
    assertThat(sample.run(SampleHome.with(again, reencrypt)).exitCode()).isEqualTo(2);
    assertThat(sample.run("unpin", "first").exitCode()).isZero();
    assertThat(sample.run(SampleHome.with(again, reencrypt)).exitCode()).isZero();
    assertThat(sample.run("list").out()).contains("second").doesNotContain(" first ");
    assertThat(sample.backups().resolve("first")).doesNotExist();
    assertThat(sample.run("reencrypt", "second", "--identity", other.toString()).exitCode())
        .as("without a public key")
        .isEqualTo(2);
  }

  @Test
  void anUnusableKeyMakesNoBackup() throws IOException {
    Path empty = Files.writeString(temp.resolve("recipients"), "# nothing\n");

    assertThat(sample.runOnStorage("backup", "a", "--encrypt-to", "age1typo").exitCode())
        .isEqualTo(2);
    assertThat(sample.runOnStorage("backup", "a", "--recipients-file", empty.toString()).exitCode())
        .isEqualTo(2);
    assertThat(sample.filesOfBackups()).isEmpty();
  }

  @Test
  void aBadKeyInAFileIsFoundByItsLine() throws IOException {
    String mistyped = recipient.substring(0, 60) + (recipient.endsWith("qq") ? "pp" : "qq");
    for (String bad : new String[] {mistyped, "age1typo", "ssh-ed25519 AAAA"}) {
      Path file = temp.resolve("recipients");
      Files.writeString(file, "# ours\n" + recipient + "\n\n" + bad + "\n");

      CommandLineRun run = sample.runOnStorage("backup", "a", "--recipients-file", file.toString());

      assertThat(run.exitCode()).as(run.text()).isIn(1, 2);
      assertThat(run.err()).contains(file + ", line 4");
    }
    assertThat(sample.filesOfBackups()).isEmpty();
  }

  @Test
  void anEmptySettingDoesNotTurnEncryptionOff() throws IOException {
    for (String option : new String[] {"--encrypt-to=", "--encrypt-to=,", "--recipients-file="}) {
      assertThat(sample.runOnStorage("backup", "a", option).exitCode()).as(option).isEqualTo(2);
    }
    for (String name : new String[] {"ENCRYPT_TO", "RECIPIENTS_FILE"}) {
      CommandLineRun run =
          new CommandLineRun.Surroundings()
              .with("OPENMEMORY_BACKUP_" + name, "")
              .run(sample.here("backup", "a", "--storage-path", sample.storage().toString()));
      assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
      assertThat(run.err()).contains("OPENMEMORY_BACKUP_" + name);
    }
    assertThat(sample.filesOfBackups()).isEmpty();
  }

  @Test
  void nothingOfTheContentIsReadableInTheTarget() throws IOException {
    backUp("first", "--encrypt-to", recipient);

    for (Path file : sample.filesOfBackups()) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      assertThat(text)
          .as(file.toString())
          .doesNotContain("SQLite format", "OPENAI_API_KEY", "gpt-4o-mini", "memories");
    }
  }
}
