package dev.openmemory.backup.storage.sftp.internal.transfer;

import dev.openmemory.backup.storage.sftp.internal.session.SftpChannel;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.SFTPException;

/** Bytes on their way to a place in a file. */
final class Chunk {
  private final long offset;
  private final byte[] bytes;
  private final int length;

  /** The first {@code length} of the bytes, which no other thread touches meanwhile. */
  Chunk(long offset, byte[] bytes, int length) {
    this.offset = offset;
    this.bytes = bytes;
    this.length = length;
  }

  long offset() {
    return offset;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** The offset behind it. */
  long end() {
    return offset + length;
  }

  /** One that was sent and not confirmed yet, by the session that the answer comes from. */
  record Sent(Chunk chunk, SftpChannel channel, Promise<Response, SFTPException> answer) {}
}
