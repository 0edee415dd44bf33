package dev.openmemory.backup.internal.compress;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Compresses to one zstd frame with a checksum. The result depends only on the bytes, the level,
 * whether there are other threads, and the version of the library. Native memory is freed by {@link
 * #close}.
 */
final class ZstdFrameOutputStream extends CompressingOutputStream {
  private final Below below;
  private final ZstdOutputStreamNoFinalizer zstd;

  /**
   * @param workers threads of the library; 0 for the calling one
   */
  ZstdFrameOutputStream(OutputStream out, int level, int workers) throws IOException {
    below = new Below(out);
    zstd = new ZstdOutputStreamNoFinalizer(below, level).setChecksum(true).setWorkers(workers);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    zstd.write(bytes, offset, count);
  }

  @Override
  public void finish() throws IOException {
    zstd.closeWithoutClosingParentStream();
  }

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
