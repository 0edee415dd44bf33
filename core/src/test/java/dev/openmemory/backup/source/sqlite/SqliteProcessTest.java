package dev.openmemory.backup.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.internal.swap.Swap;
import dev.openmemory.backup.sample.SampleInstallation;
import dev.openmemory.backup.source.SourceFixture;
import dev.openmemory.backup.source.sqlite.DatabaseUser.Role;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the others try within one process, with processes that are killed. */
@Tag("services")
class SqliteProcessTest {
  @Nested
  class Captures extends SqliteCaptureTest {
    @Override
    Closeable use(Role role, Path database, String journalMode) throws IOException {
      return DatabaseProcess.start(role, database, journalMode);
    }
  }

  @Nested
  class Stages extends StagedDatabaseTest {
    @Override
    Closeable use(Role role, Path database, String journalMode) throws IOException {
      return DatabaseProcess.start(role, database, journalMode);
    }
  }

  @Nested
  class Restores extends SqliteRestoreTest {
    @Override
    Closeable use(Role role, Path database, String journalMode) throws IOException {
      return DatabaseProcess.start(role, database, journalMode);
    }

    @Test
    void aDatabaseThatAnotherProcessHasOpenIsLeftAlone() throws Exception {
      for (Role role : new Role[] {Role.EXCLUSIVE, Role.IDLE, Role.WRITER}) {
        for (String mode : role == Role.EXCLUSIVE ? List.of("DELETE") : List.of("WAL", "DELETE")) {
          try (Closeable process = use(role, database, mode);
              Restoration restoration = prepare()) {
            assertThat(process).isNotNull();
            assertThatThrownBy(restoration::apply)
                .isInstanceOfSatisfying(
                    BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED))
                .hasMessageContaining(database.toString());
            restoration.rollback();
          }
          assertThat(home.resolve(Swap.WORK_AREA)).doesNotExist();
          SourceFixture.empty(home);
        }
      }
    }

    @Test
    void aDryRunNamesTheProcessThatHasAnIdleDatabaseOpen() throws Exception {
      SampleInstallation sample = SampleInstallation.unpackSlimTo(home.resolve("openmemory"));
      Backups backups = Backups.in(new InMemoryBackupTarget()).withScratch(temporary);
      BackupName name = new BackupName("first");
      backups.create(sample.installation(), BackupRequest.STANDARD.withName(name));
      try (Closeable process = use(Role.IDLE, sample.database(), "DELETE")) {
        long pid = ((DatabaseProcess) process).pid();
        for (RestoreRequest request :
            List.of(RestoreRequest.STANDARD.asDryRun(), RestoreRequest.STANDARD)) {
          assertThatThrownBy(() -> backups.restore(name, sample.installation(), request))
              .isInstanceOfSatisfying(
                  BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED))
              .hasMessageContaining(sample.database().toString())
              .hasMessageContaining("process " + pid + " (java)");
        }
      }
      assertThat(sample.home().resolve(Swap.WORK_AREA).resolve("restore.json")).doesNotExist();
      backups.restore(name, sample.installation(), RestoreRequest.STANDARD.asDryRun());
    }
  }
}
