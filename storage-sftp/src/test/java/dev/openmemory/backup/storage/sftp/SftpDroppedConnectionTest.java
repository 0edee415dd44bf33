package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Connections that break at any byte. */
@Tag("long")
class SftpDroppedConnectionTest extends OnFaultyLine {
  private static final int ROUNDS = 12;

  @Test
  void anUploadGoesOnWhereverTheConnectionBreaks(TestReporter reporter) throws Exception {
    long seed = System.nanoTime();
    reporter.publishEntry("seed", String.valueOf(seed));
    Random random = new Random(seed);
    BackupTarget target = target(SHORT, 3);
    for (int round = 0; round < ROUNDS; round++) {
      Pattern content = Pattern.of(random.nextLong(), 3 << 20);
      line().cutAfterUp(1 + random.nextInt(3 << 20));

      target.write(NAME, content.content(), WriteOptions.REPLACE);

      assertHolds(target, content);
      assertThat(files()).containsExactly(NAME.fileName());
    }
    assertThat(line().connections()).isGreaterThan(ROUNDS);
  }

  @Test
  void aConnectionThatBreaksAroundTheEndPublishesOnce(TestReporter reporter) throws Exception {
    long seed = System.nanoTime();
    reporter.publishEntry("seed", String.valueOf(seed));
    Random random = new Random(seed);
    BackupTarget target = target();
    for (int round = 0; round < ROUNDS; round++) {
      Pattern content = Pattern.of(random.nextLong(), 1000);
      target.list("");
      AtomicBoolean asked = new AtomicBoolean();
      Content counting =
          out -> {
            asked.set(true);
            content.content().writeTo(out);
          };
      // A write of so little is some hundred bytes for each of its requests.
      line().cutAfterUp(1 + random.nextInt(3000));

      if (writes(target, counting)) {
        assertHolds(target, content);
        assertThat(target.list("")).hasSize(1);
        target.delete(NAME);
      } else {
        // Who writes may simply begin again.
        assertThat(asked).isFalse();
        assertThat(target.list("")).isEmpty();
      }
    }
  }

  /** False when the line has broken. */
  private boolean writes(BackupTarget target, Content content) throws Exception {
    try {
      target.write(NAME, content, WriteOptions.CREATE_ONLY);
      return true;
    } catch (BackupException e) {
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      return false;
    } finally {
      line().cutNoMore();
    }
  }

  @Test
  void anUploadThatIsCutAtSeventyPercentSendsTheOtherThirtyOnly() throws Exception {
    Pattern content = Pattern.of(1, 64 << 20);
    line().cutAfterUp(content.size() * 7 / 10);

    target().write(NAME, content.content(), WriteOptions.CREATE_ONLY);

    assertThat(line().connections()).isEqualTo(2);
    // Sent again is what was not confirmed; the rest is what the protocol adds.
    assertThat(line().up()).isBetween(content.size(), content.size() + Upload.SPAN + (2L << 20));
    assertHolds(target(), content);
  }

  @Test
  void theNextTargetSendsOnlyWhatACutOffUploadOfKnownBytesHadNot() throws Exception {
    Pattern content = Pattern.of(2, 256L << 20);
    long cut = content.size() * 7 / 10;
    BackupTarget first = target();
    // The line stays down for longer than the first is patient.
    line().cutForGoodAfterUp(cut);
    assertFails(
        Kind.UNAVAILABLE, () -> first.write(NAME, content.known(), WriteOptions.CREATE_ONLY));
    first.close();
    assertThat(files()).hasSize(1);
    line().refuse(false);
    long before = line().up();

    BackupTarget second = target();
    assertThat(second.list("")).isEmpty();
    second.write(NAME, content.known(), WriteOptions.CREATE_ONLY);

    long rest = content.size() - cut;
    assertThat(line().up() - before).isBetween(rest, rest + Upload.SPAN + (6 << 20));
    assertHolds(second, content);
    assertThat(files()).containsExactly(NAME.fileName());
  }

  @Test
  void aDownloadThatBreaksIsUnavailableAndGoesOnFromItsOffset() throws Exception {
    Pattern content = Pattern.of(3, 8 << 20);
    BackupTarget target = target();
    target.write(NAME, content.content(), WriteOptions.CREATE_ONLY);
    line().cutAfterDown(4 << 20);
    long taken = 0;

    try (InputStream in = target.read(NAME, 0)) {
      byte[] buffer = new byte[10_000];
      IOException failure = null;
      while (failure == null) {
        try {
          taken += in.readNBytes(buffer, 0, buffer.length);
        } catch (IOException e) {
          failure = e;
        }
      }
      IOException thrown = failure;
      assertFails(
          Kind.UNAVAILABLE,
          () -> {
            throw thrown;
          });
    }

    assertThat(taken).isBetween(1L, content.size());
    long from = taken;
    try (InputStream in = target.read(NAME, from)) {
      content.check(in, from);
    }
  }
}
