package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A word that is in a memory, in both kinds of settings, in a user and in a model is in nothing
 * that a host without the private key stores or prints.
 */
class EncryptedCanaryTest extends SampleTest {
  private static final String CANARY = "canary7";

  private String key = "";
  private String recipient = "";

  @BeforeEach
  void plant() throws Exception {
    key = temp.resolve("private.key").toString();
    recipient =
        CommandLineRun.of("key", "generate", "-o", key, "--json")
            .json()
            .at("/key/recipients/0")
            .asString();
    Files.writeString(
        sample.config(),
        "{\"mem0\": {\"llm\": {\"provider\": \"openai\", \"config\": {\"model\": \"canary7-model\","
            + " \"api_key\": \"env:CANARY_canary7\"}}}}");
    execute(
        "UPDATE memories SET content = 'I like canary7'",
        "UPDATE users SET user_id = 'canary7-' || rowid, name = 'canary7'",
        "UPDATE configs SET value = replace(value, 'gpt-4o-mini', 'canary7-model')");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement sql = db.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }

  private void assertSilent(CommandLineRun run, String... command) throws IOException {
    assertThat(run.text()).as(String.join(" ", command)).doesNotContain(CANARY);
    Path live = sample.home().resolve("api");
    try (Stream<Path> files = Files.walk(temp)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith(live)) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
              .as(file + " after " + String.join(" ", command))
              .doesNotContain(CANARY);
        }
      }
    }
  }

  private CommandLineRun run(String... command) {
    return command[0].equals("backup") ? sample.runOnStorage(command) : sample.run(command);
  }

  @Test
  void itIsInNothingThatIsStoredOrPrintedWithoutThePrivateKey() throws Exception {
    String copy = temp.resolve("copy").toString();
    String archive = temp.resolve("first.tar.gz").toString();
    String other = temp.resolve("other").toString();
    Files.createDirectories(Path.of(other));
    for (String[] command :
        List.of(
            new String[] {"backup", "first", "-v", "--encrypt-to", recipient},
            new String[] {"backup", "second", "--json", "--encrypt-to", recipient},
            new String[] {"list", "--long"},
            new String[] {"list", "--json"},
            new String[] {"show", "first", "-v"},
            new String[] {"show", "first", "--json"},
            new String[] {"verify", "--all", "-v"},
            new String[] {"verify", "first", "--json"},
            new String[] {"pin", "first"},
            new String[] {"unpin", "first"},
            new String[] {"sync", copy, "-v"},
            new String[] {"export", "first", archive, "--json"},
            new String[] {"import", archive, "--target", other, "--json"},
            new String[] {"prune", "--keep-last", "1", "--dry-run", "--json"},
            new String[] {"delete", "second", "--yes"})) {
      CommandLineRun run = run(command);

      assertThat(run.exitCode()).as(run.text()).isIn(0, 3);
      assertSilent(run, command);
    }
  }

  @Test
  void itIsInNoFailure() throws Exception {
    run("backup", "first", "--encrypt-to", recipient);
    run("backup", "second", "--encrypt-to", recipient);
    String wrong = temp.resolve("wrong.key").toString();
    CommandLineRun.of("key", "generate", "-o", wrong);
    String elsewhere = temp.resolve("elsewhere").toString();
    for (String[] command :
        List.of(
            new String[] {"restore", "first", "--to", elsewhere, "-v"},
            new String[] {"restore", "first", "--to", elsewhere, "--json", "--identity", wrong},
            new String[] {"diff", "first", "second", "-v"},
            new String[] {"drill", "first", "--json"},
            new String[] {"migrate", "report", "first", "--json"},
            new String[] {"reencrypt", "first", "--encrypt-to", recipient, "-v"},
            new String[] {"verify", "first", "--identity", wrong, "-v"},
            new String[] {"backup", "first", "--encrypt-to", recipient, "-v"})) {
      CommandLineRun run = run(command);

      assertThat(run.exitCode()).as(run.text()).isNotZero();
      assertSilent(run, command);
    }
  }

  @Test
  void itIsInNothingThatFailedAndCancelledBackupsLeave() throws Exception {
    String[] backup = {
      "backup",
      "third",
      "-v",
      "--encrypt-to",
      recipient,
      "--storage-path",
      sample.storage().toString()
    };
    for (String at : new String[] {"database", "vectors", "openmemory.db", "qdrant-storage"}) {
      CommandLineRun cancelled =
          new CommandLineRun.Surroundings().cancelledAt(at).run(sample.here(backup));
      assertSilent(cancelled, backup);
    }
    run("backup", "first", "--encrypt-to", recipient);
    execute("DELETE FROM memories WHERE rowid > 1");
    assertSilent(run("backup", "shrunk", "--encrypt-to", recipient), "backup of less");
    Files.writeString(sample.config(), "{\"model\": \"canary7-model\", broken canary7");
    assertSilent(run("backup", "no-json", "--encrypt-to", recipient), "backup of no JSON");
    byte[] database = Files.readAllBytes(sample.database());
    for (int i = 4096; i < 4196; i++) {
      database[i] = 'x';
    }
    Files.write(sample.database(), database);
    CommandLineRun damaged = run("backup", "damaged", "-v", "--encrypt-to", recipient);
    assertThat(damaged.exitCode()).as(damaged.text()).isNotIn(0, 3);
    assertSilent(damaged, "backup of a damaged database");
  }
}
