package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.text.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** The checksum that Qdrant has for snapshots: SHA-256 in lower-case hex. */
public final class SnapshotDigest {
  private static final int BUFFER = 128 * 1024;

  private SnapshotDigest() {}

  /** Of a file as it is now. */
  public static String of(Path file, Cancellation cancellation) throws IOException {
    MessageDigest digest = Sha256.start();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        cancellation.check();
        digest.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw FileFailure.of("upload snapshot", file, e);
    }
    return Sha256.hex(digest);
  }
}
