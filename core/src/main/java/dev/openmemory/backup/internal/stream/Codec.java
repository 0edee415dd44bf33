package dev.openmemory.backup.internal.stream;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Compression.Method;
import dev.openmemory.backup.internal.compress.Zstd;
import dev.openmemory.backup.internal.stream.block.BlockFilterInputStream;
import dev.openmemory.backup.spi.encryption.Decryptor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** What lies between plain and stored bytes, by the names that the manifest uses. */
public final class Codec {
  public static final String GZIP = Method.GZIP.text();
  public static final String ZSTD = Method.ZSTD.text();
  public static final String GZIP_SUFFIX = ".gz";
  private static final String ZSTD_SUFFIX = ".zst";

  private static final Set<Kind> OF_KEYS = Set.of(Kind.NO_KEY, Kind.WRONG_KEY, Kind.UNSUPPORTED);

  private Codec() {}

  /** What a name of a stored file gets by the codec. */
  public static String suffix(String codec) {
    if (codec.equals(ZSTD)) {
      return ZSTD_SUFFIX;
    }
    return codec.equals(GZIP) ? GZIP_SUFFIX : "." + codec;
  }

  /** Whether the codec makes content smaller; others encrypt it. */
  public static boolean compresses(String codec) {
    return codec.equals(GZIP) || codec.equals(ZSTD);
  }

  /** Undoes the codecs of what is not encrypted. */
  public static InputStream decode(InputStream stored, List<String> codecs, String subject)
      throws IOException {
    return decode(stored, codecs, Optional.empty(), subject);
  }

  /**
   * Undoes the codecs, the last one first. Closes the stream if that fails.
   *
   * @param stored compares its digest at its end, if it has one
   * @param decryptor of what is encrypted, if there is one
   * @param subject where the bytes come from, for messages
   */
  public static InputStream decode(
      InputStream stored, List<String> codecs, Optional<Decryptor> decryptor, String subject)
      throws IOException {
    try {
      return opened(stored, codecs, decryptor, subject);
    } catch (IOException | RuntimeException e) {
      try {
        stored.close();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private static InputStream opened(
      InputStream stored, List<String> codecs, Optional<Decryptor> decryptor, String subject)
      throws IOException {
    InputStream in = stored;
    for (int i = codecs.size() - 1; i >= 0; i--) {
      String codec = codecs.get(i);
      if (codec.equals(GZIP)) {
        in = gunzip(in, subject);
      } else if (codec.equals(ZSTD)) {
        in = Zstd.decompress(in, subject);
      } else if (decryptor.isPresent() && decryptor.get().scheme().equals(codec)) {
        in = decrypt(decryptor.get(), in, subject);
      } else {
        throw Kind.UNSUPPORTED.failure("decode", subject, "unknown codec '" + codec + "'");
      }
    }
    return in;
  }

  /**
   * Decrypts. A part for keys that was changed looks as if it were for another key, so that the
   * rest is read after such a failure: its digest, which is compared at the end, tells both apart.
   */
  public static InputStream decrypt(Decryptor decryptor, InputStream stored, String subject)
      throws IOException {
    try {
      return decryptor.decrypt(stored, subject);
    } catch (BackupException e) {
      if (OF_KEYS.contains(e.kind())) {
        stored.transferTo(OutputStream.nullOutputStream());
      }
      throw e;
    }
  }

  /** Reads all members: a script may have used a parallel compressor that writes several. */
  private static InputStream gunzip(InputStream in, String subject) throws IOException {
    try {
      return new GunzipStream(
          GzipCompressorInputStream.builder()
              .setInputStream(in)
              .setDecompressConcatenated(true)
              .get(),
          subject);
    } catch (IOException e) {
      throw damaged(e, subject);
    }
  }

  private static IOException damaged(IOException e, String subject) {
    boolean structural =
        e instanceof ZipException || e instanceof EOFException || e.getClass() == IOException.class;
    return structural
        ? Kind.CORRUPT.failure(
            "gunzip", subject, "not an intact gzip stream (" + e.getMessage() + ")", e)
        : e;
  }

  private static final class GunzipStream extends BlockFilterInputStream {
    private final String subject;

    GunzipStream(InputStream in, String subject) {
      super(in);
      this.subject = subject;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return super.read(bytes, offset, length);
      } catch (IOException e) {
        throw damaged(e, subject);
      }
    }
  }
}
