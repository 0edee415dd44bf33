package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import dev.openmemory.backup.spi.encryption.KeyFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of more chunks than are worked on at a time, and of sizes at which a chunk ends. */
class ManyChunksTest {
  private static final int PLAIN = 64 * 1024;
  private static final int ENCRYPTED = PLAIN + 16;
  private static final int MANY = 40;

  private final KeyFile key = AgeFiles.newKey();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PLAIN - 1, PLAIN, PLAIN + 1, MANY * PLAIN, MANY * PLAIN + 7})
  void anotherImplementationReadsWhatWeWriteAndTheReverse(int size) throws Exception {
    byte[] plain = AgeFiles.bytes(size);
    assertThat(decryptedByJagged(inPieces(plain))).isEqualTo(plain);
    assertThat(AgeFiles.decrypted(AgeFiles.by(key), encryptedByJagged(plain))).isEqualTo(plain);
  }

  @Test
  void allBeforeADamagedChunkIsGivenOutAndNothingBehindIt() throws IOException {
    byte[] plain = AgeFiles.bytes(MANY * PLAIN);
    byte[] whole = AgeFiles.encrypted(AgeFiles.to(key), plain);
    int start = whole.length - MANY * ENCRYPTED;
    for (int damaged : new int[] {0, 1, 2, 9, MANY - 1}) {
      byte[] changed = whole.clone();
      changed[start + damaged * ENCRYPTED + 5] ^= 1;
      ByteArrayOutputStream released = new ByteArrayOutputStream();

      Throwable failure = catchThrowable(() -> read(new ByteArrayInputStream(changed), released));

      assertThat(((BackupException) failure).kind()).isEqualTo(Kind.CORRUPT);
      assertThat(released.toByteArray()).isEqualTo(Arrays.copyOf(plain, damaged * PLAIN));
    }
  }

  @Test
  void aStreamThatFailsGivesAllChunksThatCameBefore() throws IOException {
    byte[] plain = AgeFiles.bytes(MANY * PLAIN);
    byte[] whole = AgeFiles.encrypted(AgeFiles.to(key), plain);
    int start = whole.length - MANY * ENCRYPTED;
    IOException away = new IOException("the stream is away");
    InputStream broken =
        new SequenceInputStream(
            new ByteArrayInputStream(whole, 0, start + 10 * ENCRYPTED + 5), new Failing(away));
    ByteArrayOutputStream released = new ByteArrayOutputStream();

    assertThat(catchThrowable(() -> read(broken, released))).isSameAs(away);

    assertThat(released.toByteArray()).isEqualTo(Arrays.copyOf(plain, 10 * PLAIN));
  }

  private void read(InputStream encrypted, ByteArrayOutputStream released) throws IOException {
    try (InputStream in = AgeFiles.by(key).decrypt(encrypted, "a file")) {
      in.transferTo(released);
    }
  }

  /** Written in pieces that end nowhere in particular. */
  private byte[] inPieces(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AgeFiles.to(key)
        .encrypt(
            to -> {
              for (int at = 0; at < plain.length; at += 100_003) {
                to.write(plain, at, Math.min(100_003, plain.length - at));
              }
            },
            out);
    return out.toByteArray();
  }

  private byte[] encryptedByJagged(byte[] plain) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (WritableByteChannel channel =
        new StandardEncryptingChannelFactory()
            .newEncryptingChannel(
                Channels.newChannel(out),
                List.of(
                    X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(
                        AgeFiles.recipient(key))))) {
      channel.write(ByteBuffer.wrap(plain));
    }
    return out.toByteArray();
  }

  private byte[] decryptedByJagged(byte[] encrypted) throws Exception {
    String line = key.content().text().lines().filter(l -> !l.startsWith("#")).findFirst().get();
    return Channels.newInputStream(
            new StandardDecryptingChannelFactory()
                .newDecryptingChannel(
                    Channels.newChannel(new ByteArrayInputStream(encrypted)),
                    List.of(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(line))))
        .readAllBytes();
  }

  private static final class Failing extends BlockInputStream {
    private final IOException failure;

    Failing(IOException failure) {
      this.failure = failure;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      throw failure;
    }
  }
}
