package dev.openmemory.backup.internal.publish;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.internal.compress.ParallelGzipOutputStream;
import dev.openmemory.backup.internal.run.ProgressTicker;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.Codec;
import dev.openmemory.backup.internal.stream.MeasuringOutputStream;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Sends captured files to their destinations: one pass digests, compresses, digests again and
 * stores.
 */
public record FilePublisher(Run run, Destinations destinations, BackupName backup) {
  public StoredFile publish(CapturedFile file) throws IOException {
    String storedName = file.compress() ? file.name() + Codec.GZIP_SUFFIX : file.name();
    Pipeline pipeline = new Pipeline(file, storedName);
    run.tell(new BackupEvent.FileStarted(storedName, file.content().sizeHint()));
    boolean complete = false;
    try {
      destinations.write(
          backup.file(storedName), pipeline, () -> pipeline.result().stored().size());
      complete = true;
      return pipeline.result();
    } finally {
      run.tell(new BackupEvent.FileFinished(storedName, pipeline.plainBytes, complete));
    }
  }

  /** The stored bytes of a captured file. Each attempt starts with fresh digests. */
  private final class Pipeline implements Content {
    private final CapturedFile file;
    private final String storedName;
    private long plainBytes;
    private Digest plain = new Digest(0, "");
    private Digest stored = new Digest(0, "");

    Pipeline(CapturedFile file, String storedName) {
      this.file = file;
      this.storedName = storedName;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      MeasuringOutputStream storedOut = new MeasuringOutputStream(out, bytes -> {});
      if (!file.compress()) {
        plain = writePlain(storedOut);
      } else {
        try (ParallelGzipOutputStream gzip =
            new ParallelGzipOutputStream(storedOut, run.compression())) {
          plain = writePlain(gzip);
          gzip.finish();
        }
      }
      stored = storedOut.digest();
      plainBytes = plain.size();
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
      return file.content().repeatable();
    }

    @Override
    public OptionalLong sizeHint() {
      return file.compress() ? OptionalLong.empty() : file.content().sizeHint();
    }

    StoredFile result() {
      List<String> codecs = file.compress() ? List.of(Codec.GZIP) : List.of();
      return new StoredFile(
          storedName, file.name(), file.mediaType(), codecs, plain, stored, Map.of());
    }
  }
}
