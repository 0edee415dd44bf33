package dev.openmemory.backup.internal.archive;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an archive on their way to the tar reader, which neither bounds the length of
 * headers nor says whether the end marker was there.
 */
final class TarInput extends BlockInputStream {
  /**
   * More than all the headers of one entry ever take: names, links, times and the map of a sparse
   * file.
   */
  static final int MAX_HEADERS = 4 << 20;

  private final InputStream in;
  private final Cancellation cancellation;
  private long position;
  private boolean inHeaders;
  private long headersStart;
  private boolean headersZero;
  private @Nullable IOException failure;

  TarInput(InputStream in, Cancellation cancellation) {
    this.in = in;
    this.cancellation = cancellation;
  }

  /** The content of an entry has been read; what follows is its padding and then headers. */
  void enterHeaders() {
    inHeaders = true;
    headersStart = position + (TarHeader.BLOCK - position % TarHeader.BLOCK) % TarHeader.BLOCK;
    headersZero = true;
  }

  /** What follows is the content of an entry. */
  void enterContent() {
    inHeaders = false;
  }

  /** Reads the rest; says whether all since {@link #enterHeaders} is a valid end of an archive. */
  boolean endsHere() throws IOException {
    byte[] rest = new byte[64 << 10];
    // The bound is for headers; how many zeros follow them is bounded by what is stored.
    inHeaders = false;
    for (int got = read(rest); got >= 0; got = read(rest)) {
      headersZero &= isZero(rest, 0, got);
    }
    return headersZero
        && position % TarHeader.BLOCK == 0
        && position - headersStart >= 2 * TarHeader.BLOCK;
  }

  /** What the stream below threw, to be distinguished from what the tar reader throws. */
  @Nullable IOException failure() {
    return failure;
  }

  /** Gives less than was asked for only at the end: the library loses data of sparse files else. */
  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    int got;
    try {
      cancellation.check();
      got = in.readNBytes(bytes, offset, count);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
    if (inHeaders) {
      watchHeaders(bytes, offset, got);
    }
    position += got;
    return got == 0 && count > 0 ? -1 : got;
  }

  private void watchHeaders(byte[] bytes, int offset, int got) throws IOException {
    if (position + got - headersStart > MAX_HEADERS) {
      throw new IOException("an entry has more than " + MAX_HEADERS + " bytes of headers");
    }
    int padding = (int) Math.max(0, Math.min(got, headersStart - position));
    headersZero &= isZero(bytes, offset + padding, got - padding);
  }

  private static boolean isZero(byte[] bytes, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
