package dev.openmemory.backup.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseLockTest {
  @TempDir Path temporary;

  @Test
  void aDatabaseInUseIsNotWaitedForLongerThanToldAndAFreeOneIsTaken() throws Exception {
    Path file = Files.createFile(temporary.resolve("a.db"));
    Cancellation cancellation = new Cancellation();
    try (DatabaseLock held = DatabaseLock.of(file, cancellation)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> DatabaseLock.of(file, cancellation, Duration.ofMillis(1)))
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LOCKED))
          .hasMessageContaining(file.toString());
    }
    DatabaseLock.of(file, cancellation, Duration.ofMillis(1)).close();
  }
}
