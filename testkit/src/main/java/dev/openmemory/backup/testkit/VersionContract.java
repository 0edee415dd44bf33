package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.spi.optional.ReportsVersion;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each {@link ReportsVersion} must do: a test for each of its duties. */
public abstract class VersionContract {
  private static final String VERSION = "1.16.2";
  private static final String KEY = "canary-key-of-the-contract";

  @TempDir Path folder;
  private final Cancellation cancellation = new Cancellation();
  private @Nullable QdrantDouble qdrant;

  /**
   * One that knows the Qdrant at the address.
   *
   * @param key a secret of the server, which does not require it
   * @param folder an empty folder
   */
  protected abstract ReportsVersion of(URI qdrant, String key, Path folder) throws Exception;

  /** One that finds no vector store. */
  protected abstract ReportsVersion ofNothing(Path folder) throws Exception;

  @BeforeEach
  final void startQdrant() throws IOException {
    QdrantDouble server = QdrantDouble.start(folder.resolve("qdrant").resolve("storage"));
    qdrant = server;
    server.version(VERSION);
  }

  @AfterEach
  final void stopQdrant() throws IOException {
    qdrant().close();
  }

  private QdrantDouble qdrant() {
    return Objects.requireNonNull(qdrant);
  }

  private ReportsVersion reports() throws Exception {
    return of(qdrant().uri(), KEY, folder);
  }

  @Test
  @Duty("N1")
  final void aStoreThatRunsReportsItsVersion() throws Exception {
    assertThat(reports().storeVersion(cancellation)).hasValue(VERSION);
  }

  @Test
  @Duty("N2")
  final void aStoreThatDoesNotAnswerIsNoFailure() throws Exception {
    ReportsVersion reports = reports();
    qdrant().close();
    assertThat(reports.storeVersion(cancellation).orElse("0.0.0")).matches("\\d+\\.\\d+\\..+");
    assertThat(reports.storeLocation()).isPresent();
  }

  @Test
  @Duty("N3")
  final void withoutAStoreThereIsNeitherVersionNorLocation() throws Exception {
    ReportsVersion nothing = ofNothing(folder);
    assertThat(nothing.storeVersion(cancellation)).isEmpty();
    assertThat(nothing.storeLocation()).isEmpty();
  }

  @Test
  @Duty("N4")
  final void theLocationHasNoSecret() throws Exception {
    assertThat(reports().storeLocation()).get().asString().isNotBlank().doesNotContain(KEY);
  }

  @Test
  @Duty("N5")
  final void itMayBeAskedAgain() throws Exception {
    ReportsVersion reports = reports();
    Optional<String> location = reports.storeLocation();
    assertThat(reports.storeVersion(cancellation)).isEqualTo(reports.storeVersion(cancellation));
    assertThat(reports.storeLocation()).isEqualTo(location);
    assertThat(qdrant().requests()).allMatch(request -> request.startsWith("GET "));
  }

  @Test
  @Duty("N6")
  final void aCancellationEndsTheCall() throws Exception {
    ReportsVersion reports = reports();
    cancellation.cancel();
    BackupException failure =
        catchThrowableOfType(BackupException.class, () -> reports.storeVersion(cancellation));
    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
  }
}
