package dev.openmemory.backup.docker.internal.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.docker.internal.engine.DockerEngine;
import dev.openmemory.backup.docker.internal.engine.EngineDouble;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.RunContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine sends is looked at before it is called Qdrant's. */
@Timeout(60)
class ForeignVolumeTest {
  @TempDir private Path folder;
  private EngineDouble engine;

  @BeforeEach
  void start() throws IOException {
    engine = new EngineDouble(folder);
    engine.has("store", "paused");
  }

  @AfterEach
  void stop() throws IOException {
    engine.close();
  }

  private void holds(String... files) throws IOException {
    byte[] all = tar("./", files);
    engine.handle(
        "GET /containers/store/archive",
        (request, out) -> {
          String name = request.query().replaceFirst("path=/data/?\\.?", "");
          boolean there = Stream.of(files).anyMatch(file -> file.startsWith(name));
          if (name.isEmpty()) {
            archive(out, all);
          } else if (there) {
            archive(out, tar(name));
          } else {
            EngineDouble.json(404, "{\"message\": \"no such path\"}").write(out);
          }
        });
  }

  private static byte[] tar(String first, String... files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry(first));
      tar.closeArchiveEntry();
      for (String name : files) {
        tar.putArchiveEntry(new TarArchiveEntry("./" + name));
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void archive(OutputStream out, byte[] tar) throws IOException {
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nConnection: close\r\n"
            + ("Content-Length: " + tar.length + "\r\n\r\n");
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(tar);
  }

  private ProviderOptions options() {
    return new ProviderOptions(
        "qdrant-volume",
        Map.of(
            "engine",
            engine.endpoint().key(),
            "container",
            "store",
            "path",
            "/data",
            "work",
            folder.resolve("work").toString()));
  }

  private RunContext context() {
    return new RunContext(Clock.systemUTC(), folder, new Cancellation(), false, warning -> {});
  }

  private BackupException refused() throws IOException {
    BackupSource source = new QdrantVolumeSourceProvider().open(options());
    return catchThrowableOfType(BackupException.class, () -> source.preflight(context()));
  }

  private BackupException captured() throws IOException {
    try (Capture capture = new QdrantVolumeSourceProvider().open(options()).capture(context())) {
      return catchThrowableOfType(
          BackupException.class,
          () -> capture.files().get(0).content().writeTo(OutputStream.nullOutputStream()));
    }
  }

  private BackupException saved() throws IOException {
    VectorsOptions options = VectorsOptions.of(options());
    try (DockerEngine connected = DockerEngine.connect(options.engine())) {
      Locator locator = new Locator(connected, options);
      VolumeData data = new VolumeData(connected, locator, locator.locate(), warning -> {});
      return catchThrowableOfType(
          BackupException.class, () -> data.save(folder.resolve("saved.tar"), new Cancellation()));
    }
  }

  @Test
  void theFilesOfAnotherStoreAreNeitherBackedUpNorReplaced() throws IOException {
    holds("chroma.sqlite3", "0d1c/header.bin");

    for (BackupException failure : new BackupException[] {refused(), captured(), saved()}) {
      assertThat(failure).isNotNull();
      assertThat(failure.kind()).isEqualTo(Kind.INVALID);
      assertThat(failure).hasMessageContaining("is not a Qdrant storage directory");
    }
  }

  @Test
  void aStorageAndAnEmptyPlaceAreTaken() throws IOException {
    holds("raft_state.json", "collections/openmemory/config.json");
    assertThat(refused()).isNull();
    assertThat(captured()).isNull();

    holds(".qdrant_fs_check");
    assertThat(refused()).isNull();
    assertThat(captured()).isNull();
    assertThat(saved()).isNull();
  }
}
