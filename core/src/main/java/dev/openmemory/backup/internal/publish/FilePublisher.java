package dev.openmemory.backup.internal.publish;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Compression;
import dev.openmemory.backup.Compression.Method;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.internal.compress.CompressingOutputStream;
import dev.openmemory.backup.internal.compress.ParallelGzipOutputStream;
import dev.openmemory.backup.internal.compress.Zstd;
import dev.openmemory.backup.internal.run.ProgressTicker;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.Codec;
import dev.openmemory.backup.internal.stream.MeasuringOutputStream;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.encryption.Encryptor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Sends captured files to their destinations: one pass digests, compresses, encrypts, digests again
 * and stores.
 */
public final class FilePublisher {
  private static final String SNAPSHOT = ".snapshot";

  private final Run run;
  private final Destinations destinations;
  private final BackupName backup;
  private int snapshots;

  public FilePublisher(Run run, Destinations destinations, BackupName backup) {
    this.run = run;
    this.destinations = destinations;
    this.backup = backup;
  }

  /** Encrypted, if the run encrypts. */
  public StoredFile publish(CapturedFile file) throws IOException {
    return publish(file, run.keys().encryptor());
  }

  /** Not encrypted, for a person with nothing but the folder. */
  public StoredFile publishReadable(CapturedFile file) throws IOException {
    return publish(file, Optional.empty());
  }

  private StoredFile publish(CapturedFile file, Optional<Encryptor> encryptor) throws IOException {
    List<String> codecs = new ArrayList<>();
    Method method = file.compress() ? run.compression().method() : Method.NONE;
    if (method != Method.NONE) {
      codecs.add(method.text());
    }
    encryptor.map(Encryptor::scheme).ifPresent(codecs::add);
    String storedName =
        (encryptor.isPresent() ? publicName(file.name()) : file.name())
            + codecs.stream().map(Codec::suffix).collect(Collectors.joining());
    Pipeline pipeline = new Pipeline(file, method, storedName, codecs, encryptor);
    run.tell(new BackupEvent.FileStarted(storedName, file.content().sizeHint()));
    boolean complete = false;
    try {
      destinations.write(backup.file(storedName), pipeline, () -> pipeline.stored);
      complete = true;
      return pipeline.result();
    } finally {
      run.tell(new BackupEvent.FileFinished(storedName, pipeline.plainBytes, complete));
    }
  }

  /** Snapshots are named by their collections. */
  private String publicName(String name) {
    if (!name.endsWith(SNAPSHOT)) {
      return name;
    }
    snapshots++;
    return "qdrant-" + snapshots + SNAPSHOT;
  }

  /** The stored bytes of a captured file. Each attempt starts with fresh digests. */
  private final class Pipeline implements Content {
    private final CapturedFile file;
    private final Method method;
    private final String storedName;
    private final List<String> codecs;
    private final Optional<Encryptor> encryptor;
    private long plainBytes;
    private Digest plain = new Digest(0, "");
    private Digest stored = new Digest(0, "");

    Pipeline(
        CapturedFile file,
        Method method,
        String storedName,
        List<String> codecs,
        Optional<Encryptor> encryptor) {
      this.file = file;
      this.method = method;
      this.storedName = storedName;
      this.codecs = codecs;
      this.encryptor = encryptor;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      if (codecs.isEmpty()) {
        plain = writePlain(out);
        stored = plain;
      } else {
        writeCoded(out);
      }
      plainBytes = plain.size();
    }

    private void writeCoded(OutputStream out) throws IOException {
      MeasuringOutputStream storedOut = new MeasuringOutputStream(out, bytes -> {});
      if (encryptor.isPresent()) {
        encryptor.get().encrypt(this::writeCompressed, storedOut);
      } else {
        writeCompressed(storedOut);
      }
      stored = storedOut.digest();
    }

    private void writeCompressed(OutputStream out) throws IOException {
      Compression how = run.compression();
      switch (method) {
        case NONE -> plain = writePlain(out);
        case GZIP -> write(new ParallelGzipOutputStream(out, how));
        case ZSTD -> write(Zstd.compress(out, how.level(), how.threads()));
      }
    }

    private void write(CompressingOutputStream compressing) throws IOException {
      try (compressing) {
        plain = writePlain(compressing);
        compressing.finish();
      }
    }

    private Digest writePlain(OutputStream out) throws IOException {
      ProgressTicker ticker = new ProgressTicker(run, storedName);
      MeasuringOutputStream plainOut =
          new MeasuringOutputStream(
              out,
              bytes -> {
                run.checkCancelled();
                plainBytes = bytes;
                ticker.at(bytes);
              });
      file.content().writeTo(plainOut);
      return plainOut.digest();
    }

    @Override
    public boolean repeatable() {
      // Encrypted again it is other bytes, and one manifest describes those of all destinations.
      return file.content().repeatable() && (encryptor.isEmpty() || destinations.isOne());
    }

    @Override
    public OptionalLong sizeHint() {
      return codecs.isEmpty() ? file.content().sizeHint() : OptionalLong.empty();
    }

    StoredFile result() {
      return new StoredFile(
          storedName, file.name(), file.mediaType(), codecs, plain, stored, Map.of());
    }
  }
}
