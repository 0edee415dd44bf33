package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** Reads a file from the channel's position; failures are ours. */
final class LocalInputStream extends BlockInputStream {
  private final FileOperation operation;
  private final FileChannel channel;

  LocalInputStream(FileOperation operation, FileChannel channel) {
    this.operation = operation;
    this.channel = channel;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    try {
      // T9: the JDK copies through a direct buffer as large as the request.
      int most = Math.min(length, LocalBackupTarget.BUFFER_BYTES);
      return channel.read(ByteBuffer.wrap(bytes, offset, most));
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }
}
