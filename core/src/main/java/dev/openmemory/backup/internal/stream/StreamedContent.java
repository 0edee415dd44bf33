package dev.openmemory.backup.internal.stream;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.internal.run.ProgressTicker;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A file of an archive, which can be read once; measured on its way. */
public final class StreamedContent implements Content {
  private final Run run;
  private final long size;
  private final InputStream in;
  private final ProgressTicker ticker;
  private @Nullable Digest measured;

  public StreamedContent(Run run, String file, long size, InputStream in) {
    this.run = run;
    this.size = size;
    this.in = in;
    this.ticker = new ProgressTicker(run, file);
  }

  /** Size and digest, once it was written. */
  public Digest measured() {
    return Objects.requireNonNull(measured);
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    MeasuringOutputStream measuring =
        new MeasuringOutputStream(
            out,
            bytes -> {
              run.checkCancelled();
              ticker.at(bytes);
            });
    in.transferTo(measuring);
    measured = measuring.digest();
  }

  @Override
  public OptionalLong sizeHint() {
    return OptionalLong.of(size);
  }
}
