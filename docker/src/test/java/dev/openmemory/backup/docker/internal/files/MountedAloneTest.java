package dev.openmemory.backup.docker.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that is mounted as a single file. */
@Timeout(60)
class MountedAloneTest {
  private static final String DATABASE = "/usr/src/openmemory/openmemory.db";
  @TempDir private Path folder;

  @Test
  void aRestoreIsRefusedBeforeAnythingIsFetched() throws IOException {
    try (EngineDouble engine = new EngineDouble(folder)) {
      engine.answer(
          "GET /containers/api/json",
          EngineDouble.json(
              200,
              "{\"Id\": \"api\", \"Name\": \"/api\", \"Config\": {}, \"State\": {\"Status\":"
                  + " \"exited\"}, \"Mounts\": [{\"Type\": \"bind\", \"Source\": \"/x.db\","
                  + (" \"Destination\": \"" + DATABASE + "\", \"RW\": true}]}")));
      BackupSource source =
          new ContainerDatabaseSourceProvider()
              .open(engine.source("sqlite-container", "api", DATABASE));
      RunContext context =
          new RunContext(Clock.systemUTC(), folder, new Cancellation(), false, warning -> {});

      BackupException failure =
          catchThrowableOfType(
              BackupException.class, () -> source.prepare("r1", new NotRead(), context));

      assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
      assertThat(failure).hasMessageContaining("mounted as a single file");
      assertThat(folder.resolve("work")).doesNotExist();
    }
  }

  private record NotRead() implements BackupFiles {
    @Override
    public List<String> names() {
      throw new AssertionError("the backup was read");
    }

    @Override
    public OptionalLong plainSize(String name) {
      throw new AssertionError("the backup was read");
    }

    @Override
    public InputStream open(String name) {
      throw new AssertionError("the backup was read");
    }
  }
}
