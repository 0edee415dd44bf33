package dev.openmemory.backup.internal.stream;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.internal.run.ProgressTicker;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/**
 * Reports the progress of reading one file, and ends it when the run is cancelled. At the end of
 * the plain bytes it also reads the stored ones to their end, so that all of them are checked.
 */
public final class ObservedInputStream extends BlockFilterInputStream {
  private final InputStream stored;
  private final Run run;
  private final String file;
  private final LongConsumer whenComplete;
  private final ProgressTicker ticker;
  private long bytes;
  private boolean ended;
  private boolean closed;

  public ObservedInputStream(
      InputStream plain, InputStream stored, Run run, String file, LongConsumer whenComplete) {
    super(plain);
    this.stored = stored;
    this.run = run;
    this.file = file;
    this.whenComplete = whenComplete;
    this.ticker = new ProgressTicker(run, file);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    run.checkCancelled();
    int count = super.read(buffer, offset, length);
    if (count > 0) {
      bytes += count;
      ticker.at(bytes);
    } else if (count < 0 && !ended) {
      stored.transferTo(OutputStream.nullOutputStream());
      ended = true;
      whenComplete.accept(bytes);
    }
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long left = count;
    byte[] buffer = new byte[(int) Math.min(8192, Math.max(1, count))];
    while (left > 0) {
      int read = read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        break;
      }
      left -= read;
    }
    return count - left;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      run.tell(new BackupEvent.FileFinished(file, bytes, ended));
      super.close();
    }
  }
}
