package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.output.ExitCodes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signatures on the command line: a private key where backups are made, a public one apart. */
class SignedBackupCommandTest extends SampleTest {
  private String key = "";
  private String allowed = "";

  @BeforeEach
  void copyKeys() throws IOException {
    key = copied("signer").toString();
    Path signers = temp.resolve("allowed_signers");
    Files.writeString(signers, "me@example.org " + Files.readString(copied("signer.pub")));
    allowed = signers.toString();
  }

  private Path copied(String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/signature/" + name)) {
      return Files.write(temp.resolve(name), Objects.requireNonNull(in).readAllBytes());
    }
  }

  private void backUp(String name, String... options) {
    String[] args = SampleHome.with(options, "backup", name);
    assertThat(sample.runOnStorage(args).exitCode()).isEqualTo(ExitCodes.WARNINGS);
  }

  @Test
  void aSignedBackupIsVerifiedRestoredAndListedWhereSignaturesAreRequired() {
    backUp("first", "--sign-key", key);
    String to = temp.resolve("elsewhere").toString();

    assertThat(sample.run("verify", "first", "--require-signature", allowed).exitCode()).isZero();
    assertThat(sample.run("list", "--require-signature", allowed).out()).doesNotContain("damaged");
    assertThat(
            sample.run("restore", "first", "--to", to, "--require-signature", allowed).exitCode())
        .isIn(ExitCodes.OK, ExitCodes.WARNINGS);
    assertThat(sample.run("show", "first").text()).doesNotContain("PRIVATE KEY");
  }

  @Test
  void anUnsignedBackupIsDamagedAndNeverRestoredWhereSignaturesAreRequired() throws IOException {
    backUp("first");
    Path elsewhere = temp.resolve("elsewhere");
    String[] restore = {
      "restore", "first", "--to", elsewhere.toString(), "--require-signature", allowed
    };

    CommandLineRun verified = sample.run("verify", "first", "--require-signature", allowed);
    assertThat(verified.exitCode()).isEqualTo(ExitCodes.VERIFICATION_FAILED);
    assertThat(verified.text()).contains("manifest.json.sig: the backup is not signed");
    assertThat(sample.run("list", "--require-signature", allowed).out())
        .contains("damaged")
        .contains("not signed");
    assertThat(sample.run(restore).exitCode()).isEqualTo(ExitCodes.VERIFICATION_FAILED);
    assertThat(elsewhere).doesNotExist();
    assertThat(sample.run("drill", "first", "--require-signature", allowed).exitCode())
        .isEqualTo(ExitCodes.VERIFICATION_FAILED);
    assertThat(sample.run("restore", "latest", "--yes", "--require-signature", allowed).exitCode())
        .isEqualTo(ExitCodes.NOT_FOUND);
  }

  @Test
  void keysComeFromTheEnvironmentAndTheSettingsToo() throws IOException {
    Path settings = sample.home().resolve("openmemory-backup.yaml");
    Files.writeString(settings, "sign-key: " + key + "\nrequire-signature: " + allowed + "\n");
    backUp("signed");
    assertThat(sample.run("verify", "signed").exitCode()).isZero();
    Files.delete(settings);
    backUp("unsigned");

    CommandLineRun byVariable =
        new CommandLineRun.Surroundings()
            .with("OPENMEMORY_BACKUP_REQUIRE_SIGNATURE", allowed)
            .run(sample.here("verify", "--all"));

    assertThat(byVariable.exitCode()).isEqualTo(ExitCodes.VERIFICATION_FAILED);
    assertThat(byVariable.out()).contains("not signed");
  }

  @Test
  void anEmptyOrUnusableSettingDoesNotTurnSignaturesOff() throws IOException {
    String locked = copied("protected").toString();
    assertThat(sample.runOnStorage("backup", "a", "--sign-key=").exitCode()).isEqualTo(2);
    assertThat(sample.run("list", "--require-signature=").exitCode()).isEqualTo(2);
    CommandLineRun refused = sample.runOnStorage("backup", "a", "--sign-key", locked);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("passphrase").contains("ssh-keygen -t ed25519");
    assertThat(sample.run("list", "--require-signature", key).exitCode()).isEqualTo(2);
    for (String name : new String[] {"SIGN_KEY", "REQUIRE_SIGNATURE"}) {
      CommandLineRun run =
          new CommandLineRun.Surroundings()
              .with("OPENMEMORY_BACKUP_" + name, "")
              .run(sample.here("backup", "a", "--storage-path", sample.storage().toString()));
      assertThat(run.exitCode()).as(run.text()).isEqualTo(2);
    }
    assertThat(sample.filesOfBackups()).isEmpty();
  }
}
