package dev.openmemory.backup.age.internal.stream;

import com.exceptionfactory.jagged.EncryptingChannelFactory;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.framework.armor.ArmoredEncryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.age.internal.stanza.KeyFailure;
import dev.openmemory.backup.internal.stream.block.BlockOutputStream;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.encryption.Encryptor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * Encrypts to all of the recipients.
 *
 * @param recipients their public keys; empty when it is a passphrase
 */
public record AgeEncryptor(
    String scheme, List<String> recipients, List<RecipientStanzaWriter> writers, boolean armored)
    implements Encryptor {
  @Override
  public void encrypt(Content plain, OutputStream encrypted) throws IOException {
    EncryptingChannelFactory factory =
        armored ? new ArmoredEncryptingChannelFactory() : new StandardEncryptingChannelFactory();
    WritableByteChannel channel;
    try {
      channel = factory.newEncryptingChannel(new Below(encrypted), List.copyOf(writers));
    } catch (KeyFailure e) {
      throw e.failure();
    } catch (GeneralSecurityException e) {
      throw Kind.FAILED.failure("encrypt", "", "no key could be made for it", e);
    }
    plain.writeTo(new Above(channel));
    // Writes the last part. Not after a failure: without it no reader takes the rest for all.
    channel.close();
  }

  @Override
  public String toString() {
    return scheme + " to " + (recipients.isEmpty() ? "a passphrase" : recipients);
  }

  /** The plain bytes on their way in. */
  private static final class Above extends BlockOutputStream {
    private final WritableByteChannel channel;

    Above(WritableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      channel.write(ByteBuffer.wrap(bytes, offset, length));
    }
  }

  /** The encrypted bytes on their way out. */
  private static final class Below implements WritableByteChannel {
    private final OutputStream out;
    private boolean open = true;

    Below(OutputStream out) {
      this.out = out;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
      bytes.position(bytes.limit());
      return length;
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
