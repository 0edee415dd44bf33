package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The checksum that Qdrant has for snapshots: SHA-256 in lower-case hex. */
public final class SnapshotDigest {
  private static final int BUFFER = 128 * 1024;

  private SnapshotDigest() {}

  /** Of a file as it is now. */
  public static String of(Path file, Cancellation cancellation) throws IOException {
    MessageDigest digest = start();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        cancellation.check();
        digest.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw FileFailure.of("upload snapshot", file, e);
    }
    return text(digest);
  }

  static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static String text(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
