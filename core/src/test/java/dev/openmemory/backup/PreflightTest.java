package dev.openmemory.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a backup would refuse is found without one. */
class PreflightTest extends SampleBackupFixture {
  @Test
  void aHealthyInstallationHasNoProblem() throws IOException {
    assertThat(backups.preflight(sample.installation())).isEmpty();
  }

  /** Threads of a pool have the loader of another application, or that of the JVM alone. */
  @Test
  void plugInsAreFoundWhateverLoaderTheThreadHas() throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader own = thread.getContextClassLoader();
    for (ClassLoader loader : Arrays.asList(ClassLoader.getPlatformClassLoader(), null)) {
      thread.setContextClassLoader(loader);
      try {
        assertThat(backups.preflight(sample.installation())).isEmpty();
      } finally {
        thread.setContextClassLoader(own);
      }
    }
  }

  @Test
  void memoriesWhoseCollectionsAreGone() throws IOException {
    Path empty = temp.resolve("storage");
    Files.createDirectories(empty.resolve("collections"));
    assertThat(backups.preflight(Installation.at(sample.home()).withStorage(empty)))
        .containsExactly(
            new Warning(
                Warning.WOULD_FAIL, "58 memories, but the vector store holds no collection"));
  }

  @Test
  void memoriesForWhichNoStoreIsNamed() throws IOException {
    assertThat(backups.preflight(Installation.at(sample.home())))
        .containsExactly(
            new Warning("vectors-missing", "58 memories, and no vector store was named"));
  }

  @Test
  void aStoreThatIsNotThereIsNamedOnce() throws IOException {
    Path missing = temp.resolve("no-storage");
    assertThat(backups.preflight(Installation.at(sample.home()).withStorage(missing)))
        .containsExactly(
            new Warning("vectors-missing", "Qdrant storage " + missing + ": does not exist"));
  }

  @Test
  void partsThatAreNotThereAreNamed() throws IOException {
    Files.delete(sample.database());
    Files.delete(sample.config());
    Installation installation =
        Installation.at(sample.home()).withStorage(temp.resolve("no-storage"));
    assertThat(backups.preflight(installation))
        .extracting(Warning::code)
        .containsExactly("database-missing", "config-missing", "vectors-missing");
  }
}
