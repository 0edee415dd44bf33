package dev.openmemory.backup.storage.s3.internal.part;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * By what the store checks the bytes of a request. One of both is set: CRC32 costs nothing, and MD5
 * is checked by every store there is.
 */
public record PartDigest(@Nullable String crc32, @Nullable String md5) {
  public static PartDigest of(Part part, boolean checksums) {
    return checksums ? new PartDigest(crc32(crc(part)), null) : new PartDigest(null, md5(part));
  }

  private static CRC32 crc(Part part) {
    CRC32 crc = new CRC32();
    for (int chunk = 0; chunk < part.chunks().size(); chunk++) {
      crc.update(part.chunks().get(chunk), 0, part.lengthOf(chunk));
    }
    return crc;
  }

  /** As headers have it. */
  public static String crc32(CRC32 crc) {
    return base64(ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
  }

  /** As headers have it. */
  public static String md5(Part part) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      for (int chunk = 0; chunk < part.chunks().size(); chunk++) {
        digest.update(part.chunks().get(chunk), 0, part.lengthOf(chunk));
      }
      return base64(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
