package dev.openmemory.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.cli.output.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that OpenMemory no longer uses lie where it once had its data. */
class EffectiveSettingsCommandTest extends SampleTest {
  @BeforeEach
  void moveStorageIntoTheHome() throws IOException {
    Files.move(sample.storage(), sample.home().resolve("qdrant-storage"));
  }

  private void variable(String line) throws IOException {
    Files.writeString(
        sample.home().resolve("api/.env"), "\n" + line + "\n", StandardOpenOption.APPEND);
  }

  private void settings(String store) throws Exception {
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + sample.database());
        Statement sql = db.createStatement()) {
      sql.executeUpdate(
          "UPDATE configs SET value = json_set(value, '$.mem0.vector_store', json('"
              + store
              + "')) WHERE key = 'main'");
    }
  }

  private CommandLineRun refused(String... args) throws IOException {
    CommandLineRun run = sample.run(args);
    assertThat(run.exitCode()).as(run.text()).isNotIn(ExitCodes.OK, ExitCodes.WARNINGS);
    assertThat(sample.filesOfBackups()).isEmpty();
    return run;
  }

  @Test
  void anotherDatabaseInTheFileOfVariablesIsRefused() throws IOException {
    variable("DATABASE_URL=postgresql://u:hunter2@db/om");

    assertThat(refused("backup").text())
        .contains("postgresql")
        .contains("api/.env")
        .contains("pg_dump")
        .doesNotContain("hunter2");
    assertThat(refused("doctor").text()).contains("postgresql");
  }

  @Test
  void theDatabaseThatTheFileOfVariablesNamesIsTaken() throws IOException {
    Path real = sample.home().resolve("api/data/real.db");
    Files.createDirectory(real.getParent());
    Files.move(sample.database(), real);
    variable("DATABASE_URL='sqlite:///./data/real.db'");

    CommandLineRun run = sample.run("backup", "first");

    assertThat(run.exitCode()).as(run.text()).isEqualTo(ExitCodes.WARNINGS);
    assertThat(sample.backups().resolve("first/openmemory.db")).isNotEmptyFile();
    assertThat(sample.run("doctor").out())
        .contains(real.toString())
        .contains("DATABASE_URL of " + sample.home().resolve("api/.env"));
  }

  @Test
  void vectorsInAnotherStoreAreRefusedWithTheWayOut() throws Exception {
    settings("{\"provider\": \"pgvector\", \"config\": {\"password\": \"hunter2\"}}");

    assertThat(refused("backup").text())
        .contains("pgvector")
        .contains("row 'main' of table 'configs'")
        .contains("--only database,config")
        .doesNotContain("hunter2");
    assertThat(refused("doctor").text()).contains("pgvector");
    String old = sample.home().resolve("qdrant-storage").toString();
    assertThat(refused("backup", "--storage-path", old).text()).contains("pgvector");
    assertThat(sample.run("doctor", "--storage-path", old).out())
        .contains("backup-would-fail")
        .contains("pgvector");

    CommandLineRun rest = sample.run("backup", "first", "--only", "database,config");
    assertThat(rest.exitCode()).as(rest.text()).isEqualTo(ExitCodes.WARNINGS);
  }

  @Test
  void vectorsOfAnotherHostAreNotTheOnesHere() throws Exception {
    settings("{\"provider\": \"qdrant\", \"config\": {\"url\": \"https://x.example:6333\"}}");

    assertThat(refused("backup").text())
        .contains("a Qdrant of another host (row 'main' of table 'configs')")
        .contains("--qdrant-url");
    CommandLineRun named =
        sample.run("backup", "--storage-path", sample.home().resolve("qdrant-storage").toString());
    assertThat(named.exitCode()).as(named.text()).isEqualTo(ExitCodes.WARNINGS);
  }
}
