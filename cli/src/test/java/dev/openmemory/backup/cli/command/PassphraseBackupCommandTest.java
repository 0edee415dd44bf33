package dev.openmemory.backup.cli.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.output.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A passphrase in the place of keys. Of few files, because each takes a second. */
class PassphraseBackupCommandTest extends SampleTest {
  private static final String PASSPHRASE = "correct horse battery staple";

  private String file = "";

  @BeforeEach
  void writePassphrase() throws IOException {
    file = Files.writeString(temp.resolve("passphrase"), PASSPHRASE + "\n").toString();
  }

  private CommandLineRun backUp(String... options) {
    String[] command = {"backup", "first", "--only", "config", "--with-passphrase"};
    return sample.run(SampleHome.with(options, command));
  }

  @Test
  void whatWasEncryptedToAPassphraseOpensWithItAlone() throws IOException {
    CommandLineRun made = backUp("--passphrase-file", file);
    assertThat(made.exitCode()).as(made.text()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
    Path elsewhere = temp.resolve("elsewhere");
    String[] restore = {"restore", "first", "--to", elsewhere.toString()};

    CommandLineRun without = sample.run(restore);
    assertThat(without.exitCode()).isEqualTo(7);
    assertThat(without.err()).contains("no passphrase was given").contains("--with-passphrase");
    CommandLineRun noTerminal = sample.run("show", "first", "--with-passphrase");
    assertThat(noTerminal.exitCode()).isEqualTo(7);
    assertThat(noTerminal.err()).contains("--passphrase-file");
    String wrong = Files.writeString(temp.resolve("wrong"), "another\n").toString();
    assertThat(
            sample
                .run("verify", "first", "--with-passphrase", "--passphrase-file", wrong, "--json")
                .json()
                .at("/error/kind")
                .asString())
        .isEqualTo("WRONG_KEY");
    assertThat(sample.run("verify", "first").out()).contains("Only the stored bytes");
    assertThat(sample.run("show", "first").out())
        .contains("encrypted to a passphrase")
        .contains("--with-passphrase");
    assertThat(elsewhere).doesNotExist();

    CommandLineRun with =
        sample.run(
            SampleHome.with(
                new String[] {"--with-passphrase", "--passphrase-file", file}, restore));
    assertThat(with.exitCode()).as(with.text()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
    assertThat(elsewhere.resolve("api/config.json")).hasSameBinaryContentAs(sample.config());
    assertThat(made.text() + with.text()).doesNotContain(PASSPHRASE);
    for (Path stored : sample.filesOfBackups()) {
      assertThat(Files.readString(stored, ISO_8859_1)).doesNotContain(PASSPHRASE);
    }
  }

  @Test
  void withoutAPassphraseNothingIsStored() throws IOException {
    assertThat(backUp().exitCode()).isEqualTo(7);
    String empty = Files.writeString(temp.resolve("empty"), "\nsecond line\n").toString();
    CommandLineRun refused = backUp("--passphrase-file", empty);
    assertThat(refused.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(refused.err()).contains("its first line is empty");
    assertThat(sample.backups()).doesNotExist();
  }

  @Test
  void keysAndAPassphraseExcludeEachOther() {
    CommandLineRun refused =
        backUp("--passphrase-file", file, "--encrypt-to", "age1" + "q".repeat(58));
    assertThat(refused.exitCode()).isEqualTo(ExitCodes.USAGE);
    assertThat(refused.err()).contains("public keys are given too").doesNotContain(PASSPHRASE);
  }
}
