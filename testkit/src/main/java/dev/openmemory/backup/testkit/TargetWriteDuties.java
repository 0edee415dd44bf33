package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** T1 to T3: what a write does to the store. */
abstract class TargetWriteDuties extends TargetFixture {
  @Test
  @Duty("T1")
  final void whatWasWrittenIsThereForTheNextToOpenTheStore() throws Exception {
    byte[] bytes = bytes(100_000);

    ObjectInfo written = write(NAME, bytes);
    target().close();

    BackupTarget next = openAnother();
    assertThat(read(next, NAME, 0)).isEqualTo(bytes);
    assertThat(written.name()).isEqualTo(NAME);
    assertThat(written.size()).isEqualTo(bytes.length);
    assertThat(next.stat(NAME)).hasValueSatisfying(o -> assertThat(o.size()).isEqualTo(100_000));
  }

  @Test
  @Duty("T1")
  final void contentThatThrowsLeavesNothingWhereverItThrows() throws Exception {
    for (int after : List.of(0, 1, beyondBuffers())) {
      assertThatThrownBy(() -> target().write(NAME, throwing(after), WriteOptions.CREATE_ONLY));
      assertAbsent(NAME);
    }
  }

  @Test
  @Duty("T1")
  final void contentThatThrowsLeavesTheOldObject() throws Exception {
    requireReplace();
    byte[] old = bytes(1000);
    write(NAME, old);

    for (int after : List.of(0, 1, beyondBuffers())) {
      assertThatThrownBy(() -> target().write(NAME, throwing(after), WriteOptions.REPLACE));
      assertHolds(NAME, old);
    }
  }

  @Test
  @Duty("T1")
  final void nothingIsVisibleBeforeTheContentHasEnded() throws Exception {
    byte[] bytes = bytes(beyondBuffers());
    Content looking =
        out -> {
          assertAbsent(NAME);
          out.write(bytes);
          assertAbsent(NAME);
        };

    target().write(NAME, looking, WriteOptions.CREATE_ONLY);

    assertHolds(NAME, bytes);
  }

  @Test
  @Duty("T2")
  final void anExistingNameIsRefusedAndStaysAsItWas() throws Exception {
    byte[] old = bytes(1000);
    write(NAME, old);

    assertFails(Kind.ALREADY_EXISTS, () -> write(NAME, bytes(10)));

    assertHolds(NAME, old);
  }

  @Test
  @Duty("T2")
  final void aNameThatAppearsDuringTheWriteIsNotOverwritten() throws Exception {
    assumeTrue(target().traits().exclusiveCreate());
    byte[] faster = bytes(1000);
    Content slow =
        out -> {
          out.write(bytes(10));
          write(NAME, faster);
        };

    assertFails(Kind.ALREADY_EXISTS, () -> target().write(NAME, slow, WriteOptions.CREATE_ONLY));

    assertHolds(NAME, faster);
  }

  @Test
  @Duty("T2")
  final void ofEightWritersOfANewNameExactlyOneWins() throws Exception {
    List<byte[]> each = IntStream.range(0, 8).mapToObj(i -> bytes(10_000 + i)).toList();
    List<Callable<ObjectInfo>> writers =
        each.stream().map(b -> (Callable<ObjectInfo>) () -> write(NAME, b)).toList();

    List<Outcome<ObjectInfo>> outcomes = together(writers);

    long winners = outcomes.stream().filter(o -> o.value() != null).count();
    assertThat(outcomes).allMatch(o -> o.value() != null || o.failedWith(Kind.ALREADY_EXISTS));
    if (target().traits().exclusiveCreate()) {
      assertThat(winners).isOne();
      int winner = IntStream.range(0, 8).filter(i -> outcomes.get(i).value() != null).sum();
      assertHolds(NAME, each.get(winner));
    } else {
      assertThat(winners).isPositive();
      assertThat(each).contains(read(NAME));
    }
  }

  @Test
  @Duty("T3")
  final void theTimeOfAnObjectIsHonouredOrRefused() throws Exception {
    Instant time = Instant.parse("2023-12-15T14:30:22Z");
    WriteOptions dated = WriteOptions.CREATE_ONLY.withModified(time);

    if (target().traits().modificationTimes()) {
      ObjectInfo written = target().write(NAME, content(bytes(1000)), dated);
      assertThat(written.modified()).isEqualTo(time);
      assertThat(target().stat(NAME)).contains(written);
      assertThat(target().list("")).containsExactly(written);
    } else {
      assertFails(Kind.UNSUPPORTED, () -> target().write(NAME, content(bytes(1000)), dated));
      assertAbsent(NAME);
    }
  }

  @Test
  @Duty("T3")
  final void replaceIsHonouredOrRefused() throws Exception {
    byte[] old = bytes(1000);
    byte[] fresh = bytes(2000);
    write(NAME, old);

    if (target().traits().atomicReplace()) {
      replace(NAME, fresh);
      assertHolds(NAME, fresh);
      assertThat(names("")).containsExactly(NAME.value());
    } else {
      assertFails(Kind.UNSUPPORTED, () -> replace(NAME, fresh));
      assertHolds(NAME, old);
    }
  }

  @Test
  @Duty("T3")
  final void replaceAlsoCreates() throws Exception {
    requireReplace();
    byte[] bytes = bytes(1000);

    replace(NAME, bytes);

    assertHolds(NAME, bytes);
  }

  @Test
  @Duty("T3")
  final void aReaderOfAnObjectThatIsReplacedNeverSeesAMixture() throws Exception {
    requireReplace();
    byte[] old = new byte[beyondBuffers()];
    byte[] fresh = new byte[beyondBuffers()];
    Arrays.fill(fresh, (byte) 1);
    write(NAME, old);

    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    try (InputStream in = target().read(NAME, 0)) {
      seen.write(in.read());
      replace(NAME, fresh);
      in.transferTo(seen);
    } catch (IOException e) {
      // Allowed: the stream may end with an error.
      assertThat(e).isInstanceOf(BackupException.class);
    }

    assertThat(seen.toByteArray()).as("bytes of the old object").isEqualTo(new byte[seen.size()]);
    assertHolds(NAME, fresh);
  }

  final void requireReplace() {
    assumeTrue(target().traits().atomicReplace());
  }

  private Content throwing(int after) {
    byte[] bytes = bytes(after);
    return (OutputStream out) -> {
      out.write(bytes);
      throw new IOException("the source broke after " + after + " bytes");
    };
  }
}
