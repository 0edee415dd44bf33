package dev.openmemory.backup.internal.compress;

import com.github.luben.zstd.util.Native;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Zstd (RFC 8878), of zstd-jni where an application has put it beside this library. */
public final class Zstd {
  /** The default of the zstd program. */
  public static final int USUAL_LEVEL = 3;

  /** How many bytes {@link #starts} looks at. */
  public static final int MAGIC_BYTES = 4;

  private static final int FRAME = 0xFD2FB528;

  /** The last four bits are free. */
  private static final int SKIPPABLE_FRAME = 0x184D2A50;

  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;

  private Zstd() {}

  /** Whether these are the first bytes of a zstd stream; pzstd's begins with a skippable frame. */
  public static boolean starts(byte[] bytes) {
    if (bytes.length < MAGIC_BYTES) {
      return false;
    }
    int magic = 0;
    for (int i = MAGIC_BYTES - 1; i >= 0; i--) {
      magic = (magic << 8) | (bytes[i] & 0xff);
    }
    return magic == FRAME || (magic & SKIPPABLE_MASK) == SKIPPABLE_FRAME;
  }

  /**
   * What all the frames hold; to be closed, which closes the stream below.
   *
   * @param subject where the bytes come from, for messages
   * @throws BackupException of kind {@code UNSUPPORTED} when the library is not there; reading
   *     throws {@code CORRUPT} for what is damaged or cut off, {@code UNSUPPORTED} for a window of
   *     more than 128 MiB
   */
  public static InputStream decompress(InputStream in, String subject) throws IOException {
    requireLibrary();
    return new ZstdFramesInputStream(in, subject);
  }

  /**
   * Compresses to one frame with a checksum.
   *
   * @param workers threads of the library; 0 for the calling one. The result is the same for each
   *     number but 0
   * @throws BackupException of kind {@code UNSUPPORTED} when the library is not there
   */
  public static CompressingOutputStream compress(OutputStream out, int level, int workers)
      throws IOException {
    requireLibrary();
    return new ZstdFrameOutputStream(out, level, workers);
  }

  /**
   * For a look before a run that is going to compress.
   *
   * @throws BackupException of kind {@code UNSUPPORTED} when the library is not there
   */
  public static void requireLibrary() throws BackupException {
    try {
      Native.load();
    } catch (LinkageError | UnsupportedOperationException e) {
      throw Kind.UNSUPPORTED.failure(
          "load zstd",
          "",
          "zstd-jni is not on the class path, has nothing for this platform, or cannot be unpacked"
              + " to and loaded from the folder for temporary files ("
              + e
              + ")",
          e);
    }
  }
}
