package dev.openmemory.backup.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.stream.block.BlockInputStream;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.KeyFile;
import dev.openmemory.backup.spi.encryption.PassphraseQuestion;
import dev.openmemory.backup.spi.encryption.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each damage is noticed, and nothing is given out that was not authenticated. */
class DamageTest {
  private static final int CHUNK = 64 * 1024 + 16;
  private static final int NONCE = 16;

  private final KeyFile key = AgeFiles.newKey();

  @Test
  void eachBitAndEachByteOfASmallFileMatters() throws IOException {
    byte[] plain = AgeFiles.bytes(3);
    byte[] whole = AgeFiles.encrypted(AgeFiles.to(key), plain);
    Decryptor decryptor = AgeFiles.by(key);

    for (int at = 0; at < whole.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << bit);
        assertNotices(decryptor, flipped, plain, "bit " + bit + " of byte " + at);
      }
      byte[] before = Arrays.copyOf(whole, at);
      byte[] from = Arrays.copyOfRange(whole, at, whole.length);
      byte[] after = Arrays.copyOfRange(whole, at + 1, whole.length);
      assertNotices(decryptor, joined(before, after), plain, "without byte " + at);
      assertNotices(decryptor, joined(before, new byte[] {whole[at]}, from), plain, "twice " + at);
      assertNotices(decryptor, before, plain, "cut at byte " + at);
      if (after.length > 0 && whole[at] != after[0]) {
        byte[] swapped = whole.clone();
        swapped[at] = whole[at + 1];
        swapped[at + 1] = whole[at];
        assertNotices(decryptor, swapped, plain, "swapped at byte " + at);
      }
    }
  }

  @Test
  void eachBitOfAnArmorMatters() throws IOException {
    Secret passphrase = Secret.of("a passphrase");
    byte[] whole = AgeFiles.AGE.protect(Secret.of("abc"), passphrase).bytes();
    Decryptor decryptor = AgeFiles.AGE.decryptor(List.of(), about -> passphrase);

    for (int at = 0; at < whole.length - 1; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << (at % 8));
      assertNotices(decryptor, flipped, AgeFiles.ascii("abc"), "byte " + at);
      assertNotices(decryptor, Arrays.copyOf(whole, at), AgeFiles.ascii("abc"), "cut at " + at);
    }
  }

  @Test
  void chunksAreWholeInTheirOrderAndAllThere() throws IOException {
    byte[] plain = AgeFiles.bytes(3 * (CHUNK - 16) - 1);
    byte[] whole = AgeFiles.encrypted(AgeFiles.to(key), plain);
    int start = whole.length - (3 * CHUNK - 1);
    byte[] header = Arrays.copyOf(whole, start);
    byte[] one = Arrays.copyOfRange(whole, start, start + CHUNK);
    byte[] two = Arrays.copyOfRange(whole, start + CHUNK, start + 2 * CHUNK);
    byte[] last = Arrays.copyOfRange(whole, start + 2 * CHUNK, whole.length);
    byte[] foreign = AgeFiles.encrypted(AgeFiles.to(key), plain);
    byte[] foreignTwo = Arrays.copyOfRange(foreign, start + CHUNK, start + 2 * CHUNK);
    assertThat(AgeFiles.decrypted(AgeFiles.by(key), joined(header, one, two, last)))
        .isEqualTo(plain);

    List<byte[]> wrong = new ArrayList<>();
    wrong.add(joined(header, one, last));
    wrong.add(joined(header, two, last));
    wrong.add(joined(header, last));
    wrong.add(joined(header, one, two));
    wrong.add(joined(header, one));
    wrong.add(header);
    wrong.add(joined(header, two, one, last));
    wrong.add(joined(header, one, last, two));
    wrong.add(joined(header, last, one, two));
    wrong.add(joined(header, one, one, two, last));
    wrong.add(joined(header, one, two, two, last));
    wrong.add(joined(header, one, two, last, last));
    wrong.add(joined(header, one, foreignTwo, last));
    for (int cut = 1; cut <= 2 * NONCE; cut++) {
      wrong.add(joined(header, one, two, Arrays.copyOf(last, last.length - cut)));
      wrong.add(joined(header, one, Arrays.copyOf(two, cut)));
      wrong.add(joined(header, one, Arrays.copyOf(two, two.length - cut)));
      wrong.add(joined(header, one, two, last, new byte[cut]));
    }

    for (int i = 0; i < wrong.size(); i++) {
      assertNotices(AgeFiles.by(key), wrong.get(i), plain, "number " + i);
    }
  }

  @Test
  void nothingMayFollowALastChunkThatIsFull() throws IOException {
    byte[] plain = AgeFiles.bytes(CHUNK - 16);
    byte[] whole = AgeFiles.encrypted(AgeFiles.to(key), plain);
    byte[] chunk = Arrays.copyOfRange(whole, whole.length - CHUNK, whole.length);
    assertThat(AgeFiles.decrypted(AgeFiles.by(key), whole)).isEqualTo(plain);

    for (byte[] more : List.of(new byte[1], new byte[16], new byte[17], new byte[CHUNK], chunk)) {
      assertNotices(AgeFiles.by(key), joined(whole, more), plain, more.length + " bytes more");
    }
  }

  @Test
  void theHeaderOfAnotherFileDoesNotOpenTheChunks() throws IOException {
    byte[] plain = AgeFiles.bytes(100);
    byte[] whole = AgeFiles.encrypted(AgeFiles.to(key), plain);
    byte[] other = AgeFiles.encrypted(AgeFiles.to(key), plain);
    int chunk = 100 + 16;
    assertNotices(
        AgeFiles.by(key),
        joined(
            Arrays.copyOf(other, other.length - chunk),
            Arrays.copyOfRange(whole, whole.length - chunk, whole.length)),
        plain,
        "exchanged");
  }

  @Test
  void anEndlessHeaderEnds() {
    InputStream letters =
        new BlockInputStream() {
          @Override
          public int read(byte[] bytes, int offset, int length) {
            Arrays.fill(bytes, offset, offset + length, (byte) 'a');
            return length;
          }
        };
    InputStream start = new ByteArrayInputStream(AgeFiles.ascii("age-encryption.org/v1\n"));
    InputStream endless = new SequenceInputStream(start, letters);
    BackupException failure =
        catchThrowableOfType(
            BackupException.class,
            () ->
                AgeFiles.AGE
                    .decryptor(List.of(key), PassphraseQuestion.NONE)
                    .decrypt(endless, "a file"));
    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
  }

  private static void assertNotices(
      Decryptor decryptor, byte[] changed, byte[] plain, String what) {
    ByteArrayOutputStream released = new ByteArrayOutputStream();
    BackupException failure =
        catchThrowableOfType(
            BackupException.class,
            () -> {
              try (InputStream in =
                  decryptor.decrypt(new ByteArrayInputStream(changed), "a file")) {
                in.transferTo(released);
              }
            });
    assertThat(failure).as(what).isNotNull();
    assertThat(failure.kind())
        .as("%s: %s", what, failure)
        .isIn(Kind.CORRUPT, Kind.WRONG_KEY, Kind.UNSUPPORTED);
    assertThat(released.toByteArray()).as(what).isEqualTo(Arrays.copyOf(plain, released.size()));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
