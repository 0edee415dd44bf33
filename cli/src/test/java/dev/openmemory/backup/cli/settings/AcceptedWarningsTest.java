package dev.openmemory.backup.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.SampleTest;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A warning that a person accepts is shown, and the exit code says that nothing is new. */
class AcceptedWarningsTest extends SampleTest {
  private static final String PLACE = "mem0.llm.config.api_key";

  @Test
  void anAcceptedWarningDoesNotChangeTheExitCode() {
    CommandLineRun run = sample.runOnStorage("backup", "a", "--accept-warnings", "literal-key");
    assertThat(run.exitCode()).as(run.text()).isZero();
    assertThat(run.out()).contains("warning: ").contains("[literal-key]");
    assertThat(run.err()).contains("1 warning is accepted by --accept-warnings.");
    assertThat(sample.runOnStorage("backup", "b", "--accept-warnings", "other").exitCode())
        .isEqualTo(3);
    assertThat(sample.runOnStorage("backup", "c").exitCode()).isEqualTo(3);
  }

  @Test
  void anotherPlaceIsNew() throws SQLException {
    String[] accept = {"backup", "--accept-warnings", "x,literal-key=" + PLACE};
    assertThat(sample.runOnStorage(accept).exitCode()).isZero();
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement sql = db.createStatement()) {
      sql.executeUpdate(
          "UPDATE configs SET value = json_set(value, '$.mem0.embedder.config.api_key', 'sk-b')");
    }
    CommandLineRun run = sample.runOnStorage(accept);
    assertThat(run.exitCode()).as(run.text()).isEqualTo(3);
    assertThat(run.err()).contains("1 warning is accepted");
  }

  @Test
  void theSettingsFileNamesThem() throws IOException {
    Files.writeString(
        sample.home().resolve("openmemory-backup.yaml"),
        "accept-warnings:\n  - literal-key=" + PLACE + "\n  - not-paused\n");
    assertThat(sample.runOnStorage("backup").exitCode()).isZero();
    assertThat(sample.runOnStorage("backup", "--accept-warnings", "none").exitCode()).isEqualTo(3);
  }

  @Test
  void aFailureIsNoWarning() {
    CommandLineRun run = sample.run("verify", "missing", "--accept-warnings", "literal-key");
    assertThat(run.exitCode()).isEqualTo(4);
  }
}
