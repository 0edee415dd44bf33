package dev.openmemory.backup.internal.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What all frames of a zstd stream hold. Memory outside the heap is bounded by the largest window
 * that is taken, 128 MiB; {@link #close} frees it and closes the stream below. Not thread-safe.
 */
final class ZstdFramesInputStream extends BlockFilterInputStream {
  private static final String OPERATION = "unzstd";

  /** As the limit of the zstd program: what a reader has to keep of what it has read. */
  private static final int MAX_WINDOW_LOG = 27;

  private final String subject;

  ZstdFramesInputStream(InputStream in, String subject) throws IOException {
    super(new ZstdInputStreamNoFinalizer(in).setLongMax(MAX_WINDOW_LOG));
    this.subject = subject;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (ZstdIOException e) {
      throw e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()
          ? Kind.UNSUPPORTED.failure(
              OPERATION, subject, "needs a window of more than 128 MiB, as of 'zstd --long=28'", e)
          : Kind.CORRUPT.failure(
              OPERATION, subject, "not an intact zstd stream (" + e.getMessage() + ")", e);
    }
  }
}
