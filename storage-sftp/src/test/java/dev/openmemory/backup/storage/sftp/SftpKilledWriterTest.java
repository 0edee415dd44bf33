package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a process leaves that was killed while it wrote, and who takes it up. */
@Tag("long")
class SftpKilledWriterTest extends OnFaultyLine {
  private static final Pattern CONTENT = Pattern.of(5, 64L << 20);
  private static final long SENT = 44L << 20;

  @Test
  void theNextProcessGoesOnWithKnownBytes() throws Exception {
    DyingWriter.die(known(), path(), NAME, CONTENT, SENT, true);
    assertThat(files()).hasSize(1);
    BackupTarget target = target();
    assertThat(target.list("")).isEmpty();
    assertThat(sweep(target)).isEmpty();
    long before = line().up();

    target.write(NAME, CONTENT.known(), WriteOptions.CREATE_ONLY);

    long rest = CONTENT.size() - SENT;
    assertThat(line().up() - before).isLessThan(rest + 2 * Upload.SPAN + (2 << 20));
    assertHolds(target, CONTENT);
    assertThat(files()).containsExactly(NAME.fileName());
  }

  @Test
  void aBeginningOfOtherBytesIsThrownAwayInsteadOfPublished() throws Exception {
    DyingWriter.die(known(), path(), NAME, CONTENT, SENT, true);
    Path partial = partial();
    try (FileChannel file = FileChannel.open(partial, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 1000);
    }
    BackupTarget target = target();

    assertFails(
        Kind.UNAVAILABLE, () -> target.write(NAME, CONTENT.known(), WriteOptions.CREATE_ONLY));

    assertThat(files()).isEmpty();
    target.write(NAME, CONTENT.known(), WriteOptions.CREATE_ONLY);
    assertHolds(target, CONTENT);
  }

  @Test
  void aBeginningThatNobodyGoesOnWithIsSweptAfterAWeek() throws Exception {
    DyingWriter.die(known(), path(), NAME, CONTENT, SENT, true);
    Path partial = partial();
    PartialName name = PartialName.parse(String.valueOf(partial.getFileName())).orElseThrow();
    Instant now = Files.getLastModifiedTime(partial).toInstant();
    assertThat(name.isAbandoned()).isTrue();

    assertThat(name.isRubbish(now, now.plusSeconds(6 * 86_400))).isFalse();
    assertThat(name.isRubbish(now, now.plusSeconds(8 * 86_400))).isTrue();
    assertThat(name.withoutDigest().isRubbish(now, now)).isTrue();
  }

  @Test
  void theFileOfALivingProcessIsNeitherTakenNorSwept() throws Exception {
    BackupTarget target = target();
    BackupTarget other = target();
    Pattern.Stop meanwhile =
        () -> {
          assertThat(sweep(other)).isEmpty();
          other.write(new ObjectName("backup-1/other"), CONTENT.known(), WriteOptions.CREATE_ONLY);
        };

    target.write(NAME, CONTENT.stoppingAt(SENT, meanwhile, true), WriteOptions.CREATE_ONLY);

    assertHolds(target, CONTENT);
    assertThat(files()).containsExactlyInAnyOrder(NAME.fileName(), "other");
  }

  @Test
  void aStrangersOldFileIsSweptAndItsNewOneIsNot() throws Exception {
    Files.createDirectories(folder());
    String stranger = "0123456789abcdef___1__1";
    Path old = folder().resolve(".openmemory-backup-" + stranger + "-0123456789ab.part");
    Path fresh = folder().resolve(".openmemory-backup-" + stranger + "-0123456789ac.part");
    Files.writeString(old, "old");
    Files.writeString(fresh, "new");
    Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));

    assertThat(sweep(target())).hasSize(1);

    assertThat(files()).containsExactly(String.valueOf(fresh.getFileName()));
  }

  private Path partial() throws Exception {
    List<String> files = files();
    assertThat(files).hasSize(1);
    return folder().resolve("backup-1").resolve(files.get(0));
  }

  private static List<String> sweep(BackupTarget target) throws IOException {
    return ((SweepsLeftovers) target).sweepLeftovers();
  }
}
