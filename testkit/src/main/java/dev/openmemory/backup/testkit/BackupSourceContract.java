package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * What every source must do: a test for each duty of {@link BackupSource}. Extend it and say how to
 * install, change and read back what the source backs up.
 *
 * <p>What the source, its captures or its restorations offer in addition ({@link
 * dev.openmemory.backup.spi.optional}) is tested too: {@code ReportsSettings}, {@code
 * ExposesDatabase}, {@code ReplacesFiles}.
 */
public abstract class BackupSourceContract extends SourceOptionalDuties {
  @Test
  @Duty("S1")
  final void theFilesAreOfOneInstantAlthoughTheApplicationWrites() throws Exception {
    assumeFalse(needsQuiesce());
    Queue<Object> states = new ConcurrentLinkedQueue<>(List.of(state()));
    AtomicBoolean enough = new AtomicBoolean();
    CountDownLatch writing = new CountDownLatch(1);
    Thread application =
        new Thread(
            () -> {
              try {
                while (!enough.get()) {
                  mutate(home());
                  states.add(state());
                  writing.countDown();
                }
              } catch (Exception e) {
                states.add(e);
              }
            });
    application.start();
    InMemoryBackupFiles files;
    try {
      assertThat(writing.await(60, TimeUnit.SECONDS)).isTrue();
      files = backup();
    } finally {
      enough.set(true);
      application.join();
    }

    restore(files);

    assertThat(states).noneMatch(Exception.class::isInstance).contains(state());
  }

  @Test
  @Duty("S1")
  final void aDetachedCaptureStaysAsItWasTaken() throws Exception {
    Object before = state();
    InMemoryBackupFiles files;
    try (Capture capture = source().capture(context())) {
      assumeTrue(capture.detached());
      mutate(home());
      files = InMemoryBackupFiles.of(capture);
    }

    restore(files);

    assertThat(state()).isEqualTo(before);
  }

  @Test
  @Duty("S2")
  final void restoreAfterBackupGivesTheSameData() throws Exception {
    Object before = state();
    InMemoryBackupFiles files = backup();
    mutate(home());
    mutate(home());
    assertThat(state()).isNotEqualTo(before);

    Optional<Path> previous = restore(files);

    assertThat(state()).isEqualTo(before);
    assertThat(previous).hasValueSatisfying(path -> assertThat(path).exists());
  }

  @Test
  @Duty("S2")
  final void restoreWithoutManifestGivesTheSameDataAndKeepsNothingWhenToldSo() throws Exception {
    Object before = state();
    InMemoryBackupFiles files = backup();
    mutate(home());

    try (Restoration restoration = prepare(files.withoutManifest())) {
      restoration.apply();
      assertThat(restoration.commit(true)).isEmpty();
    }

    assertThat(state()).isEqualTo(before);
  }

  @Test
  @Duty("S3")
  final void aClosedRestorationLeavesNothing() throws Exception {
    InMemoryBackupFiles files = backup();
    mutate(home());
    Object before = footprint();

    Restoration restoration = prepare(files);
    restoration.close();
    restoration.close();

    assertNothingLeft(before);
    assertThat(source().resume(RESTORE)).isEmpty();
  }

  @Test
  @Duty("S5")
  final void preparingTouchesNothingInUse() throws Exception {
    InMemoryBackupFiles files = backup();
    mutate(home());
    Object before = state();

    try (Restoration restoration = prepare(files)) {
      assertThat(restoration).isNotNull();
      assertThat(state()).isEqualTo(before);
    }

    assertThat(state()).isEqualTo(before);
  }

  @Test
  @Duty("S5")
  final void damagedFilesAreFoundBeforeAnythingIsTouched() throws Exception {
    InMemoryBackupFiles files = backup();
    mutate(home());
    Object before = footprint();

    for (String name : files.names()) {
      InMemoryBackupFiles damaged = files.damaged(name, bytes -> flipped(bytes, bytes.length - 1));
      assertFails(Kind.CORRUPT, () -> prepare(damaged).close());
      assertNothingLeft(before);
    }
  }

  @Test
  @Duty("S6")
  final void rollbackGivesTheStateFromBeforeByteForByte() throws Exception {
    InMemoryBackupFiles files = backup();
    mutate(home());
    Object before = footprint();

    try (Restoration restoration = prepare(files)) {
      restoration.apply();
      restoration.rollback();
      restoration.rollback();
    }

    assertNothingLeft(before);
  }

  @Test
  @Duty("S6")
  final void rollbackBeforeApplyChangesNothing() throws Exception {
    InMemoryBackupFiles files = backup();
    mutate(home());
    Object before = footprint();

    try (Restoration restoration = prepare(files)) {
      restoration.rollback();
    }

    assertNothingLeft(before);
  }

  // In S7 the restoration of a killed process is one that is never closed.
  @Test
  @Duty("S7")
  @SuppressWarnings({"resource", "try"})
  final void aRestorationThatWasCutOffCanBeRolledBack() throws Exception {
    InMemoryBackupFiles files = backup();
    mutate(home());
    Object before = footprint();

    prepare(files).apply();
    try (Restoration resumed = anotherSource().resume(RESTORE).orElseThrow()) {
      resumed.rollback();
    }
    assertNothingLeft(before);

    prepare(files);
    try (Restoration resumed = anotherSource().resume(RESTORE).orElseThrow()) {
      resumed.rollback();
    }
    assertNothingLeft(before);
    assertThat(anotherSource().resume(RESTORE)).isEmpty();
  }

  @Test
  @Duty("S7")
  @SuppressWarnings({"resource", "try"})
  final void aRestorationThatWasCutOffCanBeCommitted() throws Exception {
    Object before = state();
    InMemoryBackupFiles files = backup();
    mutate(home());

    prepare(files).apply();
    try (Restoration resumed = anotherSource().resume(RESTORE).orElseThrow()) {
      resumed.commit(false);
    }

    assertThat(state()).isEqualTo(before);
    assertThat(anotherSource().resume("unknown")).isEmpty();
  }

  private Optional<Path> restore(InMemoryBackupFiles files) throws IOException {
    try (Restoration restoration = prepare(files)) {
      restoration.apply();
      return restoration.commit(false);
    }
  }

  private static byte[] flipped(byte[] bytes, int index) {
    bytes[index] ^= 1;
    return bytes;
  }
}
