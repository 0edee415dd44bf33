package dev.openmemory.backup.source.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Compression;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.archive.ExtractionLimit;
import dev.openmemory.backup.internal.archive.RestoredOwners;
import dev.openmemory.backup.internal.archive.TarExtractor;
import dev.openmemory.backup.internal.compress.ParallelGzipOutputStream;
import dev.openmemory.backup.spi.BackupFiles;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Storages of Qdrant and what the tests do with them. */
final class Storage {
  private Storage() {}

  /** Unpacks a recorded storage. */
  static Path unpack(String resource, Path into) throws IOException {
    Files.createDirectories(into);
    try (InputStream packed = Storage.class.getResourceAsStream(resource);
        InputStream plain = new GZIPInputStream(Objects.requireNonNull(packed))) {
      TarExtractor.extract(
          plain,
          into,
          resource,
          ExtractionLimit.unstated(into),
          RestoredOwners.of(Optional.empty(), warning -> {}),
          new Cancellation(),
          name -> {});
    }
    return into;
  }

  /** A recorded storage. Its large files end soon after their last byte that is not zero. */
  static Path cut(Path into) throws IOException {
    return unpack("qdrant-storage-cut.tar.gz", into);
  }

  static Path sample(Path into) throws IOException {
    return unpack("qdrant-storage.tar.gz", into);
  }

  static BackupSource source(Path path, boolean allowLive) throws BackupException {
    return new DirectorySourceProvider()
        .open(
            new ProviderOptions(
                "directory",
                Map.of("path", path.toString(), "allow-live", String.valueOf(allowLive))));
  }

  static RunContext context(Consumer<Warning> warnings) {
    return new RunContext(
        Clock.systemUTC(), Path.of("unused"), new Cancellation(), false, warnings);
  }

  static RunContext context() {
    return context(warning -> {});
  }

  /** Stores what a capture gives, as the engine does. */
  static Path store(Capture capture, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ParallelGzipOutputStream gzip = new ParallelGzipOutputStream(out, Compression.standard())) {
      capture.files().get(0).content().writeTo(gzip);
      gzip.finish();
    }
    return file;
  }

  static Path backup(Path storage, Path file) throws IOException {
    try (Capture capture = source(storage, false).capture(context())) {
      return store(capture, file);
    }
  }

  /** Restores a stored backup to a new place. */
  static Path restore(Path stored, Path to) throws IOException {
    try (Restoration restoration = source(to, false).prepare("r1", files(stored), context())) {
      restoration.apply();
      assertThat(restoration.commit(true)).isEmpty();
    }
    return to;
  }

  /** A stored backup without a manifest. */
  static BackupFiles files(Path gzip) {
    return new Stored(gzip, OptionalLong.empty());
  }

  record Stored(Path gzip, OptionalLong size) implements BackupFiles {
    @Override
    public List<String> names() {
      return List.of("qdrant-storage.tar");
    }

    @Override
    public OptionalLong plainSize(String name) {
      return size;
    }

    @Override
    public InputStream open(String name) throws IOException {
      assertThat(name).isEqualTo("qdrant-storage.tar");
      return new GZIPInputStream(Files.newInputStream(gzip), 64 << 10);
    }
  }

  static void assertFails(Kind kind, ThrowingCallable call, String... parts) {
    Assertions.assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackupException.class,
            e -> {
              assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
              assertThat(List.of(parts)).allMatch(e.getMessage()::contains, e.getMessage());
            });
  }
}
