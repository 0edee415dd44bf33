package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Restoration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** S3, S4, S8 to S10: what a capture takes, and what it leaves. */
abstract class SourceCaptureDuties extends SourceFixture {
  @Test
  @Duty("S3")
  final void aClosedCaptureLeavesNothing() throws Exception {
    Object before = footprint();
    Capture unread = source().capture(context());
    unread.close();
    unread.close();
    assertNothingLeft(before);

    try (Capture capture = source().capture(context())) {
      for (CapturedFile file : capture.files()) {
        assertThatThrownBy(() -> file.content().writeTo(new FullStream()))
            .isInstanceOf(IOException.class);
      }
    }
    assertNothingLeft(before);
  }

  @Test
  @Duty("S4")
  final void preflightChangesNothing() throws Exception {
    Object before = footprint();

    source().preflight(context());

    assertNothingLeft(before);
  }

  @Test
  @Duty("S4")
  final void preflightFindsWhatIsMissing() throws Exception {
    breakInstallation(home());
    Object before = footprint();

    assertFails(() -> source().preflight(context()));

    assertNothingLeft(before);
  }

  @Test
  @Duty("S8")
  final void repeatableContentGivesTheSameBytesAgain() throws Exception {
    try (Capture capture = source().capture(context())) {
      assertThat(capture.files()).isNotEmpty().isEqualTo(capture.files());
      for (CapturedFile file : capture.files()) {
        if (file.content().repeatable()) {
          assertThat(bytes(file)).isEqualTo(bytes(file));
        }
      }
    }
  }

  @Test
  @Duty("S9")
  final void cancellingEndsEveryCall() throws Exception {
    InMemoryBackupFiles files = backup();
    Object before = footprint();
    try (Capture capture = source().capture(context())) {
      cancellation().cancel();
      for (CapturedFile file : capture.files()) {
        if (files.bytes(file.name()).length > 0) {
          assertFails(Kind.CANCELLED, () -> bytes(file));
        }
      }
    }
    assertFails(Kind.CANCELLED, () -> source().preflight(context()));
    assertFails(Kind.CANCELLED, () -> source().capture(context()).close());
    assertFails(Kind.CANCELLED, () -> prepare(files).close());
    assertNothingLeft(before);
  }

  @Test
  @Duty("S9")
  final void anInterruptEndsEveryCallAndStaysVisible() throws Exception {
    InMemoryBackupFiles files = backup();
    Object before = footprint();
    List<ThrowingCallable> calls =
        List.of(
            () -> source().preflight(context()),
            () -> source().capture(context()).close(),
            () -> prepare(files).close());

    for (ThrowingCallable call : calls) {
      Thread.currentThread().interrupt();
      Throwable thrown = catchThrowable(call);
      assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
      assertFails(
          Kind.CANCELLED,
          () -> {
            throw thrown;
          });
    }
    assertNothingLeft(before);
  }

  @Test
  @Duty("S9")
  final void captureOfABrokenInstallationFailsWithAKind() throws Exception {
    breakInstallation(home());

    assertFails(
        () -> {
          try (Capture capture = source().capture(context())) {
            InMemoryBackupFiles.of(capture);
          }
        });
  }

  @Test
  @Duty("S10")
  final void inspectingGivesTheFactsOfTheCapture() throws Exception {
    Facts captured;
    InMemoryBackupFiles files;
    try (Capture capture = source().capture(context())) {
      files = InMemoryBackupFiles.of(capture);
      captured = capture.facts();
    }

    Facts inspected = provider().inspect(files, context());

    assertThat(captured.values()).containsAllEntriesOf(inspected.values());
    assertThat(provider().inspect(files.withoutManifest(), context())).isEqualTo(inspected);
    assertThat(scratch()).isEmptyDirectory();
  }

  @Test
  @Duty("S10")
  final void inspectingFindsDamageWithAndWithoutManifest() throws Exception {
    InMemoryBackupFiles files = backup();

    for (String name : files.names()) {
      InMemoryBackupFiles damaged = files.damaged(name, bytes -> damage(name, bytes));
      assertFails(Kind.CORRUPT, () -> provider().inspect(damaged, context()));
      assertFails(Kind.CORRUPT, () -> provider().inspect(damaged.withoutManifest(), context()));
    }
    assertThat(scratch()).isEmptyDirectory();
  }

  final Restoration prepare(InMemoryBackupFiles files) throws IOException {
    return source().prepare(RESTORE, files, context());
  }

  private static byte[] bytes(CapturedFile file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    file.content().writeTo(bytes);
    return bytes.toByteArray();
  }

  private static final class FullStream extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      throw new IOException("takes nothing");
    }
  }
}
