package dev.openmemory.backup.storage.sftp.internal.transfer;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a content writes: cuts its bytes into chunks. Neither flushing nor closing does anything.
 */
final class UploadStream extends BlockOutputStream {
  private final Upload upload;
  private final @Nullable MessageDigest digest;
  private byte[] chunk;
  private int length;
  private @Nullable BackupException broken;

  /** Also feeds the digest, if there is one. */
  UploadStream(Upload upload, @Nullable MessageDigest digest) {
    this.upload = upload;
    this.digest = digest;
    this.chunk = upload.chunk();
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    if (digest != null) {
      digest.update(bytes, offset, count);
    }
    int end = offset + count;
    for (int at = offset; at < end; ) {
      int taken = Math.min(end - at, chunk.length - length);
      System.arraycopy(bytes, at, chunk, length, taken);
      length += taken;
      at += taken;
      if (length == chunk.length) {
        send();
      }
    }
  }

  /** Sends what is left. T10: a failure of ours counts although the content has swallowed it. */
  void end() throws BackupException {
    if (broken != null) {
      throw broken;
    }
    if (length > 0) {
      send();
    }
  }

  private void send() throws BackupException {
    try {
      upload.send(chunk, length);
    } catch (BackupException e) {
      broken = e;
      throw e;
    }
    chunk = upload.chunk();
    length = 0;
  }
}
