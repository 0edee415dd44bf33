package dev.openmemory.backup.storage.s3.internal.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.s3.internal.part.Part;
import dev.openmemory.backup.storage.s3.internal.part.PartDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A key for encryption by the store, which does not keep it (SSE-C). */
public final class CustomerKey {
  public static final String ALGORITHM = "AES256";
  private static final int KEY_BYTES = 32;

  /** More than the Base64 form with a line end or two. */
  private static final int MOST_BYTES = 128;

  private final byte[] key;

  private CustomerKey(byte[] key) {
    this.key = key;
  }

  /** Reads 32 bytes, or their Base64 form. No message ever holds any of them. */
  static CustomerKey read(Path file) throws BackupException {
    try (InputStream in = Files.newInputStream(file)) {
      return new CustomerKey(decode(in.readNBytes(MOST_BYTES), file));
    } catch (BackupException e) {
      throw e;
    } catch (IOException e) {
      throw invalid(file, "cannot be read");
    }
  }

  private static byte[] decode(byte[] content, Path file) throws BackupException {
    if (content.length == KEY_BYTES) {
      return content;
    }
    String text = new String(content, StandardCharsets.ISO_8859_1).strip();
    try {
      byte[] key = Base64.getDecoder().decode(text);
      if (key.length == KEY_BYTES) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // Without the cause: it quotes what it could not decode.
      throw invalid(file, "holds neither 32 bytes nor their Base64 form");
    }
    throw invalid(file, "holds neither 32 bytes nor their Base64 form");
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(key);
  }

  public String md5() {
    return PartDigest.md5(Part.of(key));
  }

  @Override
  public String toString() {
    return "CustomerKey";
  }

  private static BackupException invalid(Path file, String fact) {
    return Kind.INVALID.failure("options of s3", "", "sse-c-key-file " + file + " " + fact);
  }
}
