package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What every target must do: a test for each duty of {@link BackupTarget}. Extend it and say how to
 * {@link #open} a target on a fresh store:
 *
 * <pre>{@code
 * class MyBackupTargetContractTest extends BackupTargetContract {
 *   @TempDir Path folder;
 *
 *   @Override
 *   protected BackupTarget open() {
 *     return new MyBackupTarget(folder);
 *   }
 * }
 * }</pre>
 *
 * <p>Tests of promises that a target's traits do not make are skipped.
 */
public abstract class BackupTargetContract extends TargetInterruptDuties {
  private static final int HEAP_NOISE = 8 << 20;

  @Test
  @Duty("T8")
  final void theContentIsAskedOnceAWriteAlsoWhenItFails() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    IOException passing = Kind.UNAVAILABLE.failure("read", "elsewhere", "the source is away");
    Content failing =
        out -> {
          asked.incrementAndGet();
          throw passing;
        };
    Content counting = out -> asked.incrementAndGet();

    assertThatThrownBy(() -> target().write(NAME, failing, WriteOptions.CREATE_ONLY));
    assertThat(asked).hasValue(1);
    target().write(NAME, counting, WriteOptions.CREATE_ONLY);
    assertThat(asked).hasValue(2);
  }

  @Test
  @Duty("T9")
  final void aLargeObjectTakesNoMoreMemoryThanTheTraitsSay() throws Exception {
    long allowed = target().traits().bufferBytes();
    assumeTrue(allowed < Integer.MAX_VALUE && !storesOnThisHeap());
    byte[] chunk = bytes(1 << 20);
    // What is made at the first use of a target stays, whatever is written.
    write(OTHER, chunk);
    assertThat(read(OTHER)).isEqualTo(chunk);
    long most = usedHeap() + allowed + HEAP_NOISE;
    long chunks = 2 * (allowed + HEAP_NOISE) / chunk.length + 1;
    Content large =
        out -> {
          for (long written = 0; written < chunks; written++) {
            out.write(chunk);
          }
          assertHeapStaysBelow(most);
        };

    ObjectInfo written = target().write(NAME, large, WriteOptions.CREATE_ONLY);

    assertThat(written.size()).isEqualTo(chunks * chunk.length);
    try (InputStream in = target().read(NAME, 0)) {
      for (long seen = 0; seen < chunks; seen++) {
        assertThat(in.readNBytes(chunk.length)).isEqualTo(chunk);
        if (seen == 0) {
          assertHeapStaysBelow(most);
        }
      }
      assertThat(in.read()).isNegative();
      assertHeapStaysBelow(most);
    }
  }

  @Test
  @Duty("T10")
  final void failuresNameTheOperationAndThePlaceAndNoSecret() throws Exception {
    write(NAME, bytes(10));
    List<BackupException> failures =
        List.of(
            assertFails(Kind.ALREADY_EXISTS, () -> write(NAME, bytes(1))),
            assertFails(Kind.INVALID, () -> target().read(NAME, 11).close()),
            assertFails(Kind.NOT_FOUND, () -> target().read(new ObjectName("gone"), 0).close()));

    for (BackupException failure : failures) {
      assertThat(failure.operation()).isNotBlank();
      assertThat(failure.location()).startsWith(target().location());
      assertThat(failure.fact()).isNotBlank();
    }
    List<String> texts =
        Stream.concat(
                failures.stream().map(Throwable::toString),
                Stream.of(target().location(), target().toString()))
            .toList();
    for (String secret : secrets()) {
      assertThat(texts).noneMatch(text -> text.contains(secret));
    }
  }

  @Test
  @Duty("T10")
  final void failuresOfTheContentPassUnchanged() throws Exception {
    List<Exception> failures =
        List.of(
            new IOException("a plain one"),
            Kind.CORRUPT.failure("read", "elsewhere", "not what it should be"),
            new IllegalArgumentException("a programming error"));
    for (Exception failure : failures) {
      Content broken =
          out -> {
            out.write(bytes(beyondBuffers()));
            if (failure instanceof IOException io) {
              throw io;
            }
            throw (RuntimeException) failure;
          };
      assertThat(catchThrowable(() -> target().write(NAME, broken, WriteOptions.CREATE_ONLY)))
          .isSameAs(failure);
      assertAbsent(NAME);
    }
  }

  @Test
  @Duty("T12")
  final void severalThreadsWriteReadListAndDeleteAtOnce() throws Exception {
    List<Callable<Boolean>> workers = new ArrayList<>();
    for (int worker = 0; worker < 4; worker++) {
      String folder = worker % 2 == 0 ? "shared" : "own-" + worker;
      String prefix = folder + "/worker-" + worker + "-";
      byte[] bytes = bytes(70_000 + worker);
      workers.add(
          () -> {
            for (int round = 0; round < 5; round++) {
              ObjectName name = new ObjectName(prefix + round);
              write(name, bytes);
              assertThat(read(name)).isEqualTo(bytes);
              assertThat(names(prefix)).containsExactly(name.value());
              target().delete(name);
            }
            return true;
          });
    }

    for (Outcome<Boolean> outcome : together(workers)) {
      assertThat(outcome.failure()).isNull();
    }
    assertThat(names("")).isEmpty();
  }

  @Test
  @Duty("T13")
  final void closingTwiceIsFineAndUseAfterwardsIsAProgrammingError() throws Exception {
    write(NAME, bytes(10));
    String location = target().location();

    target().close();
    target().close();

    List<ThrowingCallable> calls =
        List.of(
            () -> write(new ObjectName("new"), bytes(1)),
            () -> target().read(NAME, 0).close(),
            () -> target().stat(NAME),
            () -> target().list(""),
            () -> target().delete(NAME));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(IllegalStateException.class);
    }
    assertThat(target().location()).isEqualTo(location);
    assertThat(target().traits()).isNotNull();
    assertThat(read(openAnother(), NAME, 0)).hasSize(10);
  }

  @Test
  @Duty("T13")
  final void nothingStaysOpenAlsoAfterFailures() throws Exception {
    Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors));
    workAndFail(0);
    long before = count(descriptors);
    int rounds = 16;

    for (int round = 1; round <= rounds; round++) {
      workAndFail(round);
    }

    // A leak opens one each round. Other tests close what they opened.
    assertThat(holdsSoon(() -> count(descriptors) < before + rounds)).isTrue();
  }

  @Test
  @Duty("T14")
  final void aWriteInProgressIsNeverListedAndSurvivesASweep() throws Exception {
    byte[] bytes = bytes(beyondBuffers());
    Content swept =
        out -> {
          out.write(bytes);
          assertThat(names("")).isEmpty();
          sweep();
          assertThat(names("")).isEmpty();
        };

    target().write(NAME, swept, WriteOptions.CREATE_ONLY);

    assertHolds(NAME, bytes);
  }

  @Test
  @Duty("T14")
  final void leftoversOfAnEndedWriterAreNeverListedAndAreSweptOnce() throws Exception {
    assumeTrue(killWhileWriting(NAME), "no death can be staged");
    assertAbsent(NAME);

    assertThat(sweep()).as("what was swept").isNotEmpty();

    assertThat(sweep()).isEmpty();
    byte[] bytes = bytes(10);
    write(NAME, bytes);
    assertHolds(NAME, bytes);
  }

  private List<String> sweep() throws IOException {
    Optional<SweepsLeftovers> power = ForwardingBackupTarget.power(target(), SweepsLeftovers.class);
    return power.isPresent() ? power.get().sweepLeftovers() : List.of();
  }

  private void workAndFail(int round) throws Exception {
    ObjectName name = new ObjectName("round-" + round + "/object");
    byte[] bytes = bytes(100_000);
    write(name, bytes);
    try (InputStream in = target().read(name, 5)) {
      assertThat(in.read()).isNotNegative();
    }
    assertFails(Kind.ALREADY_EXISTS, () -> write(name, bytes));
    assertFails(Kind.INVALID, () -> target().read(name, 100_001).close());
    assertFails(Kind.NOT_FOUND, () -> target().read(new ObjectName("gone"), 0).close());
    Content broken =
        out -> {
          out.write(bytes);
          throw new IOException("broken");
        };
    assertThatThrownBy(
        () -> target().write(new ObjectName("other"), broken, WriteOptions.CREATE_ONLY));
    assertThat(names("")).contains(name.value());
    target().delete(name);
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }

  private static void assertHeapStaysBelow(long most) throws IOException {
    assertThat(holdsSoon(() -> usedHeap() < most)).as("no more than that is held").isTrue();
  }

  static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
