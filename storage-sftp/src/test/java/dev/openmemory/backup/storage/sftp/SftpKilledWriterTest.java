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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a process leaves that has ended while it wrote, and who takes it up. */
class SftpKilledWriterTest extends OnFaultyLine {
  private static final Pattern CONTENT = Pattern.of(5, 2 << 20);
  private static final long SENT = CONTENT.size() * 3 / 4;

  @Test
  void theNextProcessGoesOnWithKnownBytes() throws Exception {
    breakOff(CONTENT, SENT);
    assertThatTheNextWriteGoesOn();
  }

  @Test
  void theNextWriteGoesOnWithKnownBytesThatAreCutOff() throws Exception {
    BackupTarget target = target();
    assertFails(
        Kind.UNAVAILABLE,
        () ->
            target.write(
                NAME,
                CONTENT.stoppingAt(SENT, this::breakForGood, true),
                WriteOptions.CREATE_ONLY));
    line().refuse(false);
    assertThatTheNextWriteGoesOn();
  }

  private void breakForGood() throws IOException {
    try {
      line().refuse(true);
      line().cut();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertThatTheNextWriteGoesOn() throws Exception {
    BackupTarget target = target();
    assertThat(target.list("")).isEmpty();
    assertThat(sweep(target)).isEmpty();
    // Some file systems that encrypt names have no longer ones than 143.
    assertThat(String.valueOf(partial().getFileName())).hasSizeLessThanOrEqualTo(100);
    long kept = Files.size(partial()) - TestMachine.SPAN;
    assertThat(kept).isPositive();
    long before = line().up();

    target.write(NAME, CONTENT.known(), WriteOptions.CREATE_ONLY);

    long rest = CONTENT.size() - kept;
    assertThat(line().up() - before).isBetween(rest, rest + (kept / 2));
    assertHolds(target, CONTENT);
    assertThat(files()).containsExactly(NAME.fileName());
  }

  @Test
  void aBeginningOfOtherBytesIsThrownAwayInsteadOfPublished() throws Exception {
    breakOff(CONTENT, SENT);
    try (FileChannel file = FileChannel.open(partial(), StandardOpenOption.WRITE)) {
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
    breakOff(CONTENT, SENT);

    assertThat(sweep(target(machine.later(Duration.ofDays(6)), KnownServer.TIMEOUT))).isEmpty();
    assertThat(files()).hasSize(1);
    assertThat(sweep(target(machine.later(Duration.ofDays(8)), KnownServer.TIMEOUT))).hasSize(1);
    assertThat(files()).isEmpty();
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
    Path folder = Files.createDirectories(place().folder());
    String stranger = "01234567___1__1";
    Path old = folder.resolve(".openmemory-backup-" + stranger + "-01234.part");
    Path fresh = folder.resolve(".openmemory-backup-" + stranger + "-01235.part");
    Files.writeString(old, "old");
    Files.writeString(fresh, "new");
    Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));

    assertThat(sweep(target())).hasSize(1);

    assertThat(files()).containsExactly(String.valueOf(fresh.getFileName()));
  }

  private void breakOff(Pattern content, long sent) throws Exception {
    KilledWriter.breakOffHere(place().known(), place().path(), NAME, content, sent, true);
  }

  private Path partial() throws Exception {
    List<String> files = files();
    assertThat(files).hasSize(1);
    return place().folder().resolve("backup-1").resolve(files.get(0));
  }

  private static List<String> sweep(BackupTarget target) throws IOException {
    return ((SweepsLeftovers) target).sweepLeftovers();
  }
}
