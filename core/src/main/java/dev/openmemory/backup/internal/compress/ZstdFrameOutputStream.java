package dev.openmemory.backup.internal.compress;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Compresses to one zstd frame with a checksum, at the level of the zstd program's default, in the
 * calling thread. The result depends only on the bytes and on the version of the library.
 *
 * <p>Native memory is freed by {@link #close}; the stream below is neither flushed nor closed.
 * Without {@link #finish} the result has no end, so that no reader takes half of it for the whole.
 * Not thread-safe.
 */
public final class ZstdFrameOutputStream extends OutputStream {
  private static final int LEVEL = 3;

  private final Below below;
  private final ZstdOutputStreamNoFinalizer zstd;

  ZstdFrameOutputStream(OutputStream out) throws IOException {
    below = new Below(out);
    zstd = new ZstdOutputStreamNoFinalizer(below, LEVEL).setChecksum(true);
  }

  @Override
  public void write(int b) throws IOException {
    zstd.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    zstd.write(bytes, offset, count);
  }

  /** Does nothing: where blocks end must depend on the bytes alone. */
  @Override
  public void flush() {}

  /** Writes the end of the frame; afterwards only {@link #close} makes sense. */
  public void finish() throws IOException {
    zstd.closeWithoutClosingParentStream();
  }

  /** Frees the memory; may be repeated, does not {@link #finish}. */
  @Override
  public void close() throws IOException {
    below.cutOff = true;
    zstd.closeWithoutClosingParentStream();
  }

  /** Takes no more once it is cut off: the library cannot end without writing an end. */
  private static final class Below extends FilterOutputStream {
    private boolean cutOff;

    Below(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      if (!cutOff) {
        out.write(bytes, offset, count);
      }
    }
  }
}
