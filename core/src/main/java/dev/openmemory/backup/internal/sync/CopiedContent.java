package dev.openmemory.backup.internal.sync;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.internal.catalog.CheckedInputStream;
import dev.openmemory.backup.internal.run.ProgressTicker;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file on its way from the source. It can be asked again unless the source failed, which has had
 * attempts of its own. Bytes that are not what they should be never come to an end.
 */
final class CopiedContent implements Content {
  private static final int BUFFER = 64 * 1024;

  private final Run run;
  private final SyncOriginal.File file;
  private final SyncTraffic traffic;
  private final ProgressTicker ticker;
  private boolean sourceFailed;

  CopiedContent(Run run, SyncOriginal.File file, SyncTraffic traffic) {
    this.run = run;
    this.file = file;
    this.traffic = traffic;
    this.ticker = new ProgressTicker(run, file.name().value());
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try (InputStream in =
        new CheckedInputStream(openAt(0), file.digest(), place(run.target(), file))) {
      copy(in, out, 0);
    }
  }

  /** The end alone has no digest; the caller compares that of the whole. */
  @Override
  public void writeTo(OutputStream out, long offset) throws IOException {
    if (offset == 0) {
      writeTo(out);
      return;
    }
    try (InputStream in = openAt(offset)) {
      copy(in, out, offset);
    }
  }

  @Override
  public boolean repeatable() {
    return !sourceFailed;
  }

  @Override
  public Optional<Digest> digest() {
    return Optional.of(file.digest());
  }

  @Override
  public OptionalLong sizeHint() {
    return OptionalLong.of(file.digest().size());
  }

  /** The file in the source or at the destination, compared while it is read. */
  static InputStream checked(BackupTarget target, SyncOriginal.File file) throws IOException {
    return new CheckedInputStream(target.read(file.name(), 0), file.digest(), place(target, file));
  }

  private static String place(BackupTarget target, SyncOriginal.File file) {
    return target.location() + "/" + file.name();
  }

  private InputStream openAt(long offset) throws IOException {
    try {
      return run.target().read(file.name(), offset);
    } catch (IOException e) {
      sourceFailed = true;
      throw e;
    }
  }

  private void copy(InputStream in, OutputStream out, long offset) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long position = offset;
    for (int count; (count = read(in, buffer)) >= 0; ) {
      run.checkCancelled();
      out.write(buffer, 0, count);
      traffic.sent(count);
      position += count;
      ticker.at(position);
    }
  }

  private int read(InputStream in, byte[] buffer) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      sourceFailed = true;
      throw e;
    }
  }
}
