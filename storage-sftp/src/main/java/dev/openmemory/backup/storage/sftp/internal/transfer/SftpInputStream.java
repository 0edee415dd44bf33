package dev.openmemory.backup.storage.sftp.internal.transfer;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import dev.openmemory.backup.storage.sftp.internal.session.Handle;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteFiles;
import dev.openmemory.backup.storage.sftp.internal.session.SftpChannel;
import dev.openmemory.backup.storage.sftp.internal.session.SftpOperation;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import net.schmizz.concurrent.Promise;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an open file with requests far ahead of what was taken, up to the size that it had when it
 * was opened. The handle is the version: what replaces the file is another one.
 */
public final class SftpInputStream extends BlockInputStream {
  /** At first; it doubles with each answer, for many readers want only the beginning. */
  private static final long FIRST_AHEAD = 256 * 1024;

  private final SftpOperation operation;
  private final RemoteFiles files;
  private final SftpChannel channel;
  private final Handle handle;
  private final int requestLength;
  private final long size;
  private final Deque<Piece> asked = new ArrayDeque<>();
  private long ahead = FIRST_AHEAD;
  private long askedTo;
  private @Nullable Buffer<Response> current;
  private int currentLeft;
  private boolean closed;

  private record Piece(long offset, int length, Promise<Response, SFTPException> answer) {}

  /** Owns the handle, and the session that it then gives back. */
  public SftpInputStream(
      SftpOperation operation, RemoteFiles files, Handle handle, long offset, long size) {
    this.operation = operation;
    this.files = files;
    this.channel = files.channel();
    this.handle = handle;
    this.requestLength = files.features().readLength();
    this.size = size;
    this.askedTo = offset;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (closed) {
      throw operation.failure(Kind.INVALID, "the stream is closed");
    }
    if (length == 0) {
      return 0;
    }
    try {
      Buffer<Response> piece = currentLeft > 0 ? current : next();
      if (piece == null) {
        return -1;
      }
      int count = Math.min(length, currentLeft);
      piece.readRawBytes(bytes, offset, count);
      currentLeft -= count;
      return count;
    } catch (IOException e) {
      throw operation.failure(e);
    }
  }

  private @Nullable Buffer<Response> next() throws IOException {
    operation.checkInterrupt();
    current = null;
    askAhead();
    Piece piece = asked.poll();
    if (piece == null) {
      return null;
    }
    Response answer = channel.await(piece.answer());
    if (answer.getType() == PacketType.STATUS) {
      answer.ensureStatusIs(StatusCode.EOF);
      throw operation.failure(Kind.UNAVAILABLE, "ends before its " + size + " bytes");
    }
    int count = answer.ensurePacketTypeIs(PacketType.DATA).readUInt32AsInt();
    if (count == 0 || count > piece.length()) {
      throw operation.failure(Kind.FAILED, "the server sends " + count + " bytes for a request");
    }
    if (count < piece.length()) {
      // A server may give less than it was asked for.
      asked.push(ask(piece.offset() + count, piece.length() - count));
    }
    ahead = Math.min(2 * ahead, operation.connections().machine().span());
    current = answer;
    currentLeft = count;
    return answer;
  }

  private void askAhead() throws IOException {
    while (askedTo < size && (asked.isEmpty() || askedTo - asked.peek().offset() < ahead)) {
      int length = (int) Math.min(requestLength, size - askedTo);
      asked.add(ask(askedTo, length));
      askedTo += length;
    }
  }

  private Piece ask(long offset, int length) throws IOException {
    return new Piece(
        offset,
        length,
        channel.send(
            handle.to(channel.newRequest(PacketType.READ)).putUInt64(offset).putUInt32(length)));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      asked.clear();
      current = null;
      channel.closeHandle(handle);
      files.release();
    }
  }
}
