package dev.openmemory.backup.internal.signature;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** An agent of SSH in this JVM, which may do wrong. */
public final class StandInAgent implements Closeable {
  private static final int SIGN_REQUEST = 13;
  private static final byte FAILURE = 5;
  private static final byte IDENTITIES = 12;
  private static final byte SIGNATURE = 14;

  /** What it does when it is asked to sign. */
  public enum Manner {
    SIGNS,
    REFUSES,
    HANGS_UP,
    SIGNS_SOMETHING_ELSE,
    ANSWERS_TOO_LITTLE,
    STAYS_SILENT
  }

  private final ServerSocketChannel server;
  private final Path socket;
  private final PrivateKey key;
  private final Manner manner;
  private volatile Runnable whenAsked = () -> {};

  private StandInAgent(ServerSocketChannel server, Path socket, PrivateKey key, Manner manner) {
    this.server = server;
    this.socket = socket;
    this.key = key;
    this.manner = manner;
  }

  /**
   * One that holds a key.
   *
   * @param key the text of its file, without a passphrase
   */
  public static StandInAgent with(byte[] key, Manner manner, Path socket) throws IOException {
    String text = new String(key, StandardCharsets.US_ASCII);
    PrivateKey read = (PrivateKey) PrivateKey.parse(text, "key", Optional.empty());
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    StandInAgent agent = new StandInAgent(server, socket, read, manner);
    Thread thread = new Thread(agent::serve, "stand-in agent");
    thread.setDaemon(true);
    thread.start();
    return agent;
  }

  /** Does that before it stays silent. */
  public void whenAsked(Runnable action) {
    whenAsked = action;
  }

  public Path socket() {
    return socket;
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        talk(client);
      } catch (IOException | MalformedException e) {
        // The client or the test has ended.
      }
    }
  }

  private void talk(SocketChannel client) throws IOException, MalformedException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(client));
    while (true) {
      byte[] request = in.readNBytes(in.readInt());
      boolean asksToSign = request[0] == SIGN_REQUEST;
      if (asksToSign && manner == Manner.HANGS_UP) {
        return;
      }
      if (asksToSign && manner == Manner.STAYS_SILENT) {
        whenAsked.run();
        continue;
      }
      byte[] answer = asksToSign ? signature(request) : identities();
      client.write(ByteBuffer.wrap(new SshFields().string(answer).bytes()));
    }
  }

  private byte[] identities() {
    return new SshFields()
        .octet(IDENTITIES)
        .number(1)
        .string(key.publicKey().bytes())
        .text("backup@höst")
        .bytes();
  }

  private byte[] signature(byte[] request) throws MalformedException {
    SshBytes fields = new SshBytes(request);
    fields.expect(new byte[] {SIGN_REQUEST});
    fields.string();
    byte[] message = fields.string();
    byte[] signed = manner == Manner.SIGNS ? message : new byte[] {1};
    SshFields signature = new SshFields().text(PublicKeyBlob.TYPE).string(key.sign(signed));
    return switch (manner) {
      case REFUSES -> new SshFields().octet(FAILURE).bytes();
      case ANSWERS_TOO_LITTLE -> new SshFields().octet(SIGNATURE).number(1000).bytes();
      default -> new SshFields().octet(SIGNATURE).string(signature.bytes()).bytes();
    };
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
