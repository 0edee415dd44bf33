package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.EncryptionScheme;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What every scheme of encryption must do: a test for each duty of {@link EncryptionScheme}. Extend
 * it and say which {@link #scheme} to test.
 */
public abstract class EncryptionContract extends EncryptionKeyDuties {
  @Test
  @Duty("X4")
  final void eachChangeIsNoticedBeforeTheEnd() throws Exception {
    byte[] plain = bytes(40);
    byte[] encrypted = encrypted(toKey(), plain);
    Decryptor decryptor = decryptor(key);

    for (int at = 0; at < encrypted.length; at++) {
      byte[] changed = encrypted.clone();
      changed[at] ^= 1;
      byte[] cut = Arrays.copyOf(encrypted, at);
      assertNotices(decryptor, changed, plain, "change of byte " + at);
      assertNotices(decryptor, cut, plain, "cut to " + at + " bytes");
    }
    for (int more : new int[] {1, 16, 40, CHUNK}) {
      byte[] longer = Arrays.copyOf(encrypted, encrypted.length + more);
      assertNotices(decryptor, longer, plain, more + " bytes more");
    }
  }

  @Test
  @Duty("X5")
  final void whatIsReadBeforeAFailureIsABeginningAndEachReadAfterItFails() throws Exception {
    byte[] plain = bytes(3 * CHUNK);
    byte[] encrypted = encrypted(toKey(), plain);
    encrypted[encrypted.length - CHUNK / 2] ^= 1;
    ByteArrayOutputStream released = new ByteArrayOutputStream();

    try (InputStream in = open(decryptor(key), encrypted)) {
      assertFails(Kind.CORRUPT, () -> in.transferTo(released));
      assertFails(Kind.CORRUPT, in::read);
      assertFails(Kind.CORRUPT, () -> in.read(new byte[10]));
    }
    assertThat(plain).startsWith(released.toByteArray());
    assertThat(released.size()).isPositive().isLessThan(plain.length);
  }

  @Test
  @Duty("X6")
  final void afterAFailureHalfWayThereIsNoWholeEncryption() throws Exception {
    for (int size : new int[] {0, 10, CHUNK, 2 * CHUNK}) {
      IOException away = new IOException("the source is away");
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Content failing =
          plainOut -> {
            plainOut.write(bytes(size));
            throw away;
          };
      assertThat(catchThrowable(() -> toKey().encrypt(failing, out))).isSameAs(away);
      assertNotices(decryptor(key), out.toByteArray(), bytes(size), "failure after " + size);
    }
  }

  @Test
  @Duty("X6")
  final void failuresOfTheStreamsBelowPassUnchanged() throws Exception {
    IOException away = new IOException("the store is away");
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw away;
          }
        };
    byte[] encrypted = encrypted(toKey(), bytes(3 * CHUNK));
    InputStream broken =
        new InputStream() {
          private int at;

          @Override
          public int read() throws IOException {
            if (at == encrypted.length / 2) {
              throw away;
            }
            return encrypted[at++] & 0xff;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            bytes[offset] = (byte) read();
            return 1;
          }
        };

    assertThat(catchThrowable(() -> toKey().encrypt(out -> out.write(bytes(2 * CHUNK)), full)))
        .isSameAs(away);
    assertThat(
            catchThrowable(
                () ->
                    decryptor(key)
                        .decrypt(broken, SUBJECT)
                        .transferTo(OutputStream.nullOutputStream())))
        .isSameAs(away);
  }

  @Test
  @Duty("X10")
  final void memoryDoesNotGrowWithTheBytes() throws Exception {
    byte[] chunk = bytes(1 << 20);
    long most = BackupTargetContract.usedHeap() + (8 << 20);
    CountingPipe pipe = new CountingPipe(most);

    toKey()
        .encrypt(
            out -> {
              for (int i = 0; i < 64; i++) {
                out.write(chunk);
              }
            },
            pipe);

    assertThat(pipe.count).isGreaterThan(64L << 20);
  }

  /** Sees that what was written does not pile up above it. */
  private static final class CountingPipe extends OutputStream {
    private final long most;
    private long count;

    CountingPipe(long most) {
      this.most = most;
    }

    @Override
    public void write(int value) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if ((count >> 24) != ((count + length) >> 24)) {
        assertThat(BackupTargetContract.usedHeap()).isLessThan(most);
      }
      count += length;
    }
  }

  private void assertNotices(Decryptor decryptor, byte[] changed, byte[] plain, String what) {
    ByteArrayOutputStream released = new ByteArrayOutputStream();
    BackupException failure =
        catchThrowableOfType(
            BackupException.class,
            () -> {
              try (InputStream in = open(decryptor, changed)) {
                in.transferTo(released);
              }
            });
    assertThat(failure).as(what).isNotNull();
    assertThat(failure.kind())
        .as("%s: %s", what, failure)
        .isIn(Kind.CORRUPT, Kind.WRONG_KEY, Kind.UNSUPPORTED);
    assertThat(released.toByteArray()).as(what).isEqualTo(Arrays.copyOf(plain, released.size()));
  }
}
