package dev.openmemory.backup.internal.stream;

import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Measures what passes, after a look at whether to continue. Does not close what is below. */
public final class MeasuringOutputStream extends BlockOutputStream {
  /** Called before each write with the bytes so far. */
  public interface Step {
    void before(long bytesSoFar) throws IOException;
  }

  private final OutputStream out;
  private final Step step;
  private final Sha256Counter measuring = new Sha256Counter();

  public MeasuringOutputStream(OutputStream out, Step step) {
    this.out = out;
    this.step = step;
  }

  public Digest digest() {
    return measuring.digest();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    step.before(measuring.size());
    measuring.add(bytes, offset, length);
    out.write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
