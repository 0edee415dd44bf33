package dev.openmemory.backup.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testconditions.Soak;
import dev.openmemory.backup.testconditions.SoakTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that break at any request, or at any byte. */
class SftpDroppedConnectionTest extends OnFaultyLine {
  private static final Breaks BREAKS = new Breaks();
  private static final SharedServer SERVER =
      new SharedServer(
          () -> EmbeddedSftpServer.start(sshd -> sshd.setSubsystemFactories(List.of(BREAKS))));

  @Override
  SharedServer shared() {
    return SERVER;
  }

  @ParameterizedTest(name = "replace {0}, request done {1}")
  @CsvSource({"false,false", "false,true", "true,true"})
  void aWritePublishesOnceAtWhicheverRequestTheConnectionBreaks(boolean replace, boolean done)
      throws Exception {
    Pattern content = Pattern.of(1, 70_000);
    BackupTarget target = target();
    int broken = 0;
    for (int request = 1; request == broken + 1; request++) {
      Files.createDirectories(place().folder());
      connect(target);
      AtomicBoolean asked = new AtomicBoolean();
      Content counting =
          out -> {
            asked.set(true);
            content.content().writeTo(out);
          };
      BREAKS.at(request, done);

      boolean written =
          writes(target, counting, replace ? WriteOptions.REPLACE : WriteOptions.CREATE_ONLY);

      broken += BREAKS.end() ? 1 : 0;
      if (written) {
        connect(target);
        assertThat(target.list("")).as("at request %s", request).hasSize(1);
        assertHolds(target, content);
      } else {
        // A writer may simply begin again.
        assertThat(asked).as("at request %s", request).isFalse();
        connect(target);
        assertThat(target.list("")).isEmpty();
      }
      ((SweepsLeftovers) target).sweepLeftovers();
      assertThat(files()).isEqualTo(written ? List.of(NAME.fileName()) : List.of());
      // Or a later write would have no directory to make.
      ServerFolder.empty(place().folder());
    }
    assertThat(broken).as("requests of a write").isGreaterThan(8);
  }

  /** False when the connection has broken. */
  private static boolean writes(BackupTarget target, Content content, WriteOptions how)
      throws Exception {
    try {
      target.write(NAME, content, how);
      return true;
    } catch (BackupException e) {
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      return false;
    }
  }

  /** Makes a new connection when the last one has broken; no request is under way in the end. */
  private static void connect(BackupTarget target) throws IOException {
    try {
      target.stat(NAME);
    } catch (BackupException e) {
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      target.stat(NAME);
    }
  }

  @ParameterizedTest(name = "request done {0}")
  @ValueSource(booleans = {false, true})
  void aReadThatBreaksIsUnavailableAndGoesOnFromItsOffset(boolean done) throws Exception {
    Pattern content = Pattern.of(3, 100_000);
    BackupTarget target = target();
    target.write(NAME, content.content(), WriteOptions.CREATE_ONLY);
    int broken = 0;
    for (int request = 1; request == broken + 1; request++) {
      connect(target);
      BREAKS.at(request, done);
      ByteArrayOutputStream taken = new ByteArrayOutputStream();

      boolean whole = reads(target, taken);

      broken += BREAKS.end() ? 1 : 0;
      connect(target);
      try (InputStream in = target.read(NAME, taken.size())) {
        content.check(in, taken.size());
      }
      assertThat(whole).as("at request %s", request).isEqualTo(taken.size() == content.size());
    }
    assertThat(broken).as("requests of a read").isGreaterThan(5);
  }

  private static boolean reads(BackupTarget target, ByteArrayOutputStream taken)
      throws IOException {
    try (InputStream in = target.read(NAME, 0)) {
      in.transferTo(taken);
      return true;
    } catch (BackupException e) {
      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      return false;
    }
  }

  @Test
  void anUploadThatIsCutAtSeventyPercentSendsTheOtherThirtyOnly() throws Exception {
    Pattern content = Pattern.of(1, 4 << 20);
    line().cutAfterUp(content.size() * 7 / 10);

    target().write(NAME, content.content(), WriteOptions.CREATE_ONLY);

    assertThat(line().connections()).isEqualTo(2);
    // Sent again is what was not confirmed; the rest is what the protocol adds.
    assertThat(line().up())
        .isBetween(content.size(), content.size() + TestMachine.SPAN + (512 << 10));
    assertHolds(target(), content);
  }

  @SoakTest
  void anUploadGoesOnAtWhicheverByteTheConnectionBreaks() throws Exception {
    BackupTarget target = closed(place().known(line().port()).target(place().path()));
    Soak.rounds(
        random -> {
          Pattern content = Pattern.of(random.nextLong(), 1 + random.nextInt(3 << 20));
          connect(target);
          line().cutAfterUp(1 + random.nextInt((int) content.size() + 3000));
          boolean written = writes(target, content.content(), WriteOptions.REPLACE);
          line().cutNoMore();
          connect(target);
          if (written) {
            assertHolds(target, content);
            assertThat(files()).containsExactly(NAME.fileName());
          }
        });
  }
}
