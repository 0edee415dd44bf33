package dev.openmemory.backup.internal.signature;

import dev.openmemory.backup.internal.file.Undo;
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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The agent of SSH behind a socket: it holds keys and signs with them. Closing it, from any thread,
 * ends a call that waits for it.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent">its protocol</a>
 */
public final class SshAgent implements AutoCloseable {
  /** Asks for a signature of an RSA key with SHA-512. */
  public static final int RSA_SHA512 = 4;

  private static final byte REQUEST_IDENTITIES = 11;
  private static final byte IDENTITIES_ANSWER = 12;
  private static final byte SIGN_REQUEST = 13;
  private static final byte SIGN_RESPONSE = 14;
  private static final int LONGEST_ANSWER = 256 * 1024;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Duration timeout;

  /**
   * A key that it holds.
   *
   * @param comment of printable ASCII
   * @param blob the public key, or a certificate of it, as it travels
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Key(String comment, byte[] blob) {}

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
  public static SshAgent connect(Path socket, Duration timeout) throws IOException {
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

  /** All keys that it holds. */
  public List<Key> keys() throws IOException {
    SshBytes answer = ask(new SshFields().octet(REQUEST_IDENTITIES), IDENTITIES_ANSWER);
    try {
      List<Key> keys = new ArrayList<>();
      int count = answer.number();
      for (int i = 0; i < count; i++) {
        byte[] blob = answer.string();
        keys.add(new Key(answer.text().replaceAll("[^ -~]", "?"), blob));
      }
      return keys;
    } catch (MalformedException e) {
      throw new IOException("the agent's answer is damaged", e);
    }
  }

  /**
   * Has the agent sign.
   *
   * @param blob of a key that it holds
   * @param flags {@link #RSA_SHA512} or 0
   * @return the signature in the form that travels: its algorithm and its bytes
   * @throws IOException also when the agent refuses
   */
  public byte[] sign(byte[] blob, byte[] data, int flags) throws IOException {
    SshFields request = new SshFields().octet(SIGN_REQUEST).string(blob).string(data).number(flags);
    try {
      return ask(request, SIGN_RESPONSE).string();
    } catch (MalformedException e) {
      throw new IOException("the agent's answer is damaged", e);
    }
  }

  private synchronized SshBytes ask(SshFields request, byte expected) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    ByteBuffer out = ByteBuffer.wrap(new SshFields().string(request.bytes()).bytes());
    while (out.hasRemaining()) {
      if (channel.write(out) == 0) {
        await(SelectionKey.OP_WRITE, deadline);
      }
    }
    int length = read(Integer.BYTES, deadline).getInt();
    if (length < 1 || length > LONGEST_ANSWER) {
      throw new IOException("the agent's answer has " + length + " bytes");
    }
    byte[] answer = read(length, deadline).array();
    if (answer[0] != expected) {
      throw new IOException("the agent refuses");
    }
    return new SshBytes(Arrays.copyOfRange(answer, 1, length));
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
