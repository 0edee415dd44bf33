package dev.openmemory.backup.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleHome;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.encryption.EncryptionSchemes;
import dev.openmemory.backup.encryption.KeyFiles;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A person types passphrases at a terminal, or does not. */
class PassphraseQuestionTest extends SampleTest {
  private static final String RIGHT = "correct horse battery staple";
  private static final int NO_KEY = 7;

  private final List<String> prompts = new ArrayList<>();

  /** Types these lines and then ends the input. */
  private Surroundings typing(String... lines) {
    Deque<String> left = new ArrayDeque<>(List.of(lines));
    return new Surroundings()
        .typing(
            prompt -> {
              prompts.add(prompt);
              return Optional.ofNullable(left.poll()).map(Secret::of);
            });
  }

  private CommandLineRun backUp(Surroundings person) {
    return person.run(sample.here("backup", "first", "--only", "config", "--with-passphrase"));
  }

  private void assertNothingIsStored() {
    assertThat(sample.backups()).doesNotExist();
  }

  @Test
  void aNewPassphraseIsAskedForTwiceAndThenOpensTheBackup() {
    CommandLineRun made = backUp(typing(RIGHT, RIGHT));
    assertThat(made.exitCode()).as(made.text()).isIn(ExitCodes.OK, ExitCodes.WARNINGS);
    assertThat(prompts)
        .containsExactly("Passphrase of the new backup: ", "Passphrase of the new backup, again: ");

    prompts.clear();
    CommandLineRun verified =
        typing(RIGHT).run(sample.here("verify", "first", "--with-passphrase"));
    assertThat(verified.exitCode()).as(verified.text()).isZero();
    assertThat(verified.out()).doesNotContain("Only the stored bytes");
    assertThat(prompts).as("asked once for several files").hasSize(1);
    assertThat(made.text() + verified.text()).doesNotContain(RIGHT);
  }

  @Test
  void twoDifferentOrEmptyAnswersStoreNothing() {
    for (Surroundings person : List.of(typing(RIGHT, "another"), typing("", ""))) {
      CommandLineRun refused = backUp(person);

      assertThat(refused.exitCode()).isEqualTo(ExitCodes.USAGE);
      assertThat(refused.err()).contains("was not typed the same twice").doesNotContain(RIGHT);
      assertNothingIsStored();
    }
  }

  @Test
  void anEndOfTheInputAtEitherQuestionStoresNothing() {
    for (Surroundings person : List.of(typing(), typing(RIGHT))) {
      CommandLineRun ended = backUp(person);

      assertThat(ended.exitCode()).isEqualTo(ExitCodes.CANCELLED);
      assertThat(ended.err()).contains("no passphrase was given").contains("--passphrase-file");
      assertNothingIsStored();
    }
  }

  @Test
  void aTerminalThatIsGoneIsAMissingPassphraseAndNoCrash() {
    Surroundings gone =
        new Surroundings()
            .typing(
                prompt -> {
                  throw new IOException("Input/output error");
                });

    CommandLineRun run = backUp(gone);

    assertThat(run.exitCode()).isEqualTo(NO_KEY);
    assertThat(run.err())
        .contains("there is no terminal to ask on", "--passphrase-file")
        .doesNotContain("\tat ");
    assertNothingIsStored();
  }

  @Test
  void aSignalEndsTheQuestionAlthoughNothingIsTyped() {
    Thread command = Thread.currentThread();
    CompletableFuture<Optional<Secret>> never = new CompletableFuture<>();
    Surroundings silent = new Surroundings();
    silent.typing(
        prompt -> {
          silent.stop();
          if (Thread.currentThread().equals(command)) {
            throw new IOException("an interrupt does not end a read of a terminal");
          }
          return never.join();
        });

    CommandLineRun stopped = backUp(silent);

    assertThat(stopped.exitCode()).as(stopped.text()).isEqualTo(ExitCodes.CANCELLED);
    assertThat(stopped.err()).contains("stopped on request");
    assertNothingIsStored();
  }

  @Test
  void aProtectedPrivateKeyAsksOnceAndOpensWithTheRightAnswerOnly() throws Exception {
    EncryptionScheme age = EncryptionSchemes.named("age");
    Secret key = age.newKeyFile(Instant.EPOCH);
    String recipient = age.recipients(new KeyFile("a key", key), PassphraseQuestion.NONE).get(0);
    Path locked = temp.resolve("locked.key");
    KeyFiles.write(locked, age.protect(key, Secret.of(RIGHT)));
    sample.runOnStorage("backup", "first", "--only", "config", "--encrypt-to", recipient);
    String[] verify = sample.here("verify", "first", "--identity", locked.toString());

    CommandLineRun wrong = typing("another").run(SampleHome.with(new String[] {"--json"}, verify));
    assertThat(wrong.json().at("/error/kind").asString()).isEqualTo("WRONG_KEY");
    assertThat(wrong.exitCode()).isEqualTo(NO_KEY);
    prompts.clear();
    CommandLineRun right = typing(RIGHT).run(verify);

    assertThat(right.exitCode()).as(right.text()).isZero();
    assertThat(right.out()).doesNotContain("Only the stored bytes");
    assertThat(prompts).containsExactly("Passphrase of " + locked + ": ");
    CommandLineRun shown = typing(RIGHT).run("key", "show", locked.toString());
    assertThat(shown.out()).isEqualTo(recipient + "\n");
    assertThat(typing().run(verify).exitCode()).isEqualTo(ExitCodes.CANCELLED);
  }
}
