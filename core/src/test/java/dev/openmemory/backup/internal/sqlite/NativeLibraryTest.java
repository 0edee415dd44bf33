package dev.openmemory.backup.internal.sqlite;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed leaves nothing of SQLite in the temporary folder. */
class NativeLibraryTest {
  private static final String PROPERTY = "org.sqlite.tmpdir";

  @TempDir Path temporary;

  /** Otherwise a test beside this one could load it through the folder that is played with here. */
  @BeforeAll
  static void load() throws BackupException {
    NativeLibrary.load();
  }

  @Test
  void theUnpackedLibraryIsRemovedAsSoonAsItIsLoaded() throws BackupException {
    String before = System.getProperty(PROPERTY);

    NativeLibrary.loadIn(temporary, this::unpack);

    assertThat(temporary).isEmptyDirectory();
    assertThat(System.getProperty(PROPERTY)).isEqualTo(before);
  }

  @Test
  void aLibraryThatCannotBeLoadedIsRemovedToo() {
    BackupException failure =
        failureOf(
            () ->
                NativeLibrary.loadIn(
                    temporary,
                    () -> {
                      unpack();
                      throw new IOException("noexec");
                    }));

    assertThat(failure).hasMessageContaining("load SQLite " + temporary);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void anInterruptOutlivesTheProgramsThatTheDriverWaitsFor() throws BackupException {
    Thread.currentThread().interrupt();
    NativeLibrary.loadIn(temporary, () -> assertThat(Thread.interrupted()).isFalse());
    assertThat(Thread.interrupted()).isTrue();
  }

  /** As the driver does, which marks what is in use by a second file. */
  private void unpack() throws IOException {
    Path folder = Path.of(System.getProperty(PROPERTY));
    assertThat(folder).hasParent(temporary);
    Files.createFile(folder.resolve("sqlite-3-libsqlitejdbc.so"));
    Files.createFile(folder.resolve("sqlite-3-libsqlitejdbc.so.lck"));
  }
}
