package dev.openmemory.backup.storage.sftp.internal.auth;

import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.storage.sftp.internal.hostkey.KeyAlgorithmNames;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.common.Buffer;

/**
 * The agent behind a socket: it holds keys and signs with them. Closing it, from any thread, ends a
 * call that waits for it.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent">its protocol</a>
 */
final class SshAgent implements AutoCloseable {
  private static final byte REQUEST_IDENTITIES = 11;
  private static final byte IDENTITIES_ANSWER = 12;
  private static final byte SIGN_REQUEST = 13;
  private static final byte SIGN_RESPONSE = 14;
  private static final int RSA_SHA512 = 4;
  private static final int LONGEST_ANSWER = 256 * 1024;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Duration timeout;

  private SshAgent(SocketChannel channel, SelectionKey key, Duration timeout) {
    this.channel = channel;
    this.key = key;
    this.timeout = timeout;
  }

  /**
   * Connects to the agent.
   *
   * @param timeout with each answer; an agent that exceeds it is not asked again
   */
  static SshAgent connect(Path socket, Duration timeout) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.configureBlocking(false);
      if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
        throw new IOException("the agent takes no connection");
      }
      SelectionKey key = channel.register(Selector.open(), SelectionKey.OP_READ);
      return new SshAgent(channel, key, timeout);
    } catch (IOException | RuntimeException e) {
      Undo.after(e, channel::close);
      throw e;
    }
  }

  List<Identity> identities() throws IOException {
    Buffer.PlainBuffer answer =
        ask(new Buffer.PlainBuffer().putByte(REQUEST_IDENTITIES), IDENTITIES_ANSWER);
    List<Identity> identities = new ArrayList<>();
    long count = answer.readUInt32();
    for (long i = 0; i < count; i++) {
      byte[] blob = answer.readBytes();
      String comment = answer.readString().replaceAll("[^ -~]", "?");
      identities.add(
          new Identity(
              "key " + comment + " of the agent",
              blob,
              (algorithm, data) -> sign(blob, algorithm, data)));
    }
    return identities;
  }

  private byte[] sign(byte[] blob, String algorithm, byte[] data) throws IOException {
    int flags = algorithm.equals(KeyAlgorithmNames.RSA_SHA512) ? RSA_SHA512 : 0;
    Buffer.PlainBuffer request =
        new Buffer.PlainBuffer()
            .putByte(SIGN_REQUEST)
            .putBytes(blob)
            .putBytes(data)
            .putUInt32(flags);
    try {
      return ask(request, SIGN_RESPONSE).readBytes();
    } catch (IOException e) {
      throw new Identity.IdentityException("accepted, but the agent did not sign");
    }
  }

  private synchronized Buffer.PlainBuffer ask(Buffer.PlainBuffer request, byte expected)
      throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    byte[] message = request.getCompactData();
    ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + message.length);
    out.putInt(message.length).put(message).flip();
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        await(SelectionKey.OP_WRITE, deadline);
      }
    }
    int length = read(Integer.BYTES, deadline).getInt();
    if (length < 1 || length > LONGEST_ANSWER) {
      throw new IOException("the agent's answer has " + length + " bytes");
    }
    Buffer.PlainBuffer answer = new Buffer.PlainBuffer(read(length, deadline).array());
    if (answer.readByte() != expected) {
      throw new IOException("the agent refuses");
    }
    return answer;
  }

  private ByteBuffer read(int length, long deadline) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      int count = channel.read(bytes);
      if (count < 0) {
        throw new EOFException("the agent ended the connection");
      }
      if (count == 0) {
        await(SelectionKey.OP_READ, deadline);
      }
    }
    return bytes.flip();
  }

  private void await(int operation, long deadline) throws IOException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      // A late answer would be taken for that to the next question.
      close();
      throw new SocketTimeoutException("the agent does not answer");
    }
    try {
      key.interestOps(operation);
      key.selector().select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
      key.selector().selectedKeys().clear();
    } catch (ClosedSelectorException | CancelledKeyException e) {
      throw new AsynchronousCloseException();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new ClosedByInterruptException();
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      key.selector().close();
    }
  }
}
