package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestReporter;

/** The hooks of {@link BackupTargetContract}, and what its tests have in common. */
abstract class TargetFixture {
  static final ObjectName NAME = new ObjectName("backup-1/openmemory.db");
  static final ObjectName OTHER = new ObjectName("backup-1/config.json");
  static final int DEADLINE_SECONDS = 60;

  private final Deque<Closeable> opened = new ArrayDeque<>();
  private Random random = new Random(0);
  private @Nullable BackupTarget target;

  /**
   * Opens a target on the store of this test. The store is empty when the test begins; targets
   * opened within one test see the same objects. The contract closes them.
   */
  protected abstract BackupTarget open() throws Exception;

  /**
   * Whether the store keeps its objects on the heap of this JVM, as servers for tests do; T9 cannot
   * be measured then. False unless overridden.
   */
  protected boolean storesOnThisHeap() {
    return false;
  }

  /** What may never appear in a message, a location or a {@code toString}; none by default. */
  protected List<String> secrets() {
    return List.of();
  }

  /**
   * Leaves in the store what a process leaves that is killed while it writes the object: see T14.
   *
   * @return false, as by default, when such a death cannot be staged or leaves nothing at all
   */
  protected boolean killWhileWriting(ObjectName name) throws Exception {
    return false;
  }

  /**
   * Makes the store refuse deletes from now on, as it does for an account that may only add.
   *
   * @return false, as by default, when that cannot be staged
   */
  protected boolean refuseDeletes() throws Exception {
    return false;
  }

  @BeforeEach
  final void openEmptyStore(TestReporter reporter) throws Exception {
    long seed = Long.getLong("openmemory.seed", 42);
    reporter.publishEntry("seed", String.valueOf(seed));
    random = new Random(seed);
    target = openAnother();
    assertThat(target.list("")).as("objects in the store before the test").isEmpty();
  }

  @AfterEach
  final void closeAll() throws IOException {
    // A test that failed in the middle of an interrupt must not disturb the next.
    Thread.interrupted();
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  final BackupTarget target() {
    return Objects.requireNonNull(target);
  }

  final BackupTarget openAnother() throws Exception {
    BackupTarget another = open();
    opened.push(another);
    return another;
  }

  final byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A size that does not fit into the buffers of the target, within reason. */
  final int beyondBuffers() {
    long buffers = target().traits().bufferBytes();
    return buffers > Integer.MAX_VALUE ? 1 << 16 : (int) Math.min(buffers, 4 << 20) + 1;
  }

  /**
   * Whether it is so, or becomes so while other tests of this JVM let go of what they hold. What
   * the target holds stays.
   */
  static boolean holdsSoon(Check check) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (!check.holds()) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    return true;
  }

  /** Something that can be looked at again. */
  interface Check {
    boolean holds() throws IOException;
  }

  static Content content(byte[] bytes) {
    return out -> out.write(bytes);
  }

  final ObjectInfo write(ObjectName name, byte[] bytes) throws IOException {
    return target().write(name, content(bytes), WriteOptions.CREATE_ONLY);
  }

  final ObjectInfo replace(ObjectName name, byte[] bytes) throws IOException {
    return target().write(name, content(bytes), WriteOptions.REPLACE);
  }

  final byte[] read(ObjectName name) throws IOException {
    return read(target(), name, 0);
  }

  static byte[] read(BackupTarget target, ObjectName name, long offset) throws IOException {
    try (InputStream in = target.read(name, offset)) {
      return in.readAllBytes();
    }
  }

  final List<String> names(String prefix) throws IOException {
    return target().list(prefix).stream().map(object -> object.name().value()).toList();
  }

  final void assertAbsent(ObjectName name) throws IOException {
    assertThat(target().stat(name)).isEmpty();
    assertThat(names("")).doesNotContain(name.value());
    assertFails(Kind.NOT_FOUND, () -> target().read(name, 0).close());
  }

  final void assertHolds(ObjectName name, byte[] bytes) throws IOException {
    assertThat(read(name)).isEqualTo(bytes);
    assertThat(target().stat(name))
        .hasValueSatisfying(o -> assertThat(o.size()).isEqualTo(bytes.length));
    assertThat(names("")).contains(name.value());
  }

  static BackupException assertFails(Kind kind, ThrowingCallable call) {
    BackupException failure = catchThrowableOfType(BackupException.class, call);
    assertThat(failure).as("a failure of kind %s", kind).isNotNull();
    assertThat(failure.kind()).as("kind of: %s", failure).isEqualTo(kind);
    return failure;
  }

  /** Runs the calls at the same time and returns what they returned or threw, in their order. */
  static <T> List<Outcome<T>> together(List<Callable<T>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(calls.size());
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<Outcome<T>>> running = new ArrayList<>();
      for (Callable<T> call : calls) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return Outcome.of(call);
                }));
      }
      start.countDown();
      List<Outcome<T>> outcomes = new ArrayList<>();
      for (Future<Outcome<T>> one : running) {
        outcomes.add(one.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
      }
      return outcomes;
    } finally {
      threads.shutdownNow();
    }
  }

  /** What came of a call: either is null. */
  record Outcome<T>(@Nullable T value, @Nullable Exception failure, boolean interrupted) {
    static <T> Outcome<T> of(Callable<T> call) {
      try {
        return new Outcome<>(call.call(), null, Thread.currentThread().isInterrupted());
      } catch (Exception e) {
        return new Outcome<>(null, e, Thread.currentThread().isInterrupted());
      }
    }

    boolean failedWith(Kind kind) {
      return failure instanceof BackupException ours && ours.kind() == kind;
    }
  }
}
