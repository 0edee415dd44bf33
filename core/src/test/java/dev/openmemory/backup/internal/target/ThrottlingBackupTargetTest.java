package dev.openmemory.backup.internal.target;

import static dev.openmemory.backup.sample.Failures.failureOf;
import static dev.openmemory.backup.spi.WriteOptions.CREATE_ONLY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottlingBackupTargetTest {
  private static final ObjectName NAME = new ObjectName("b/openmemory.db");
  private static final ObjectName OTHER = new ObjectName("b/config.json");

  private final InMemoryBackupTarget store = new InMemoryBackupTarget();

  /** Begins near the end of the clock's range, where it runs over. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

  private final long start = nanos.get();

  @Test
  void aWriteTakesAsLongAsItsBytesAreAllowed() throws Exception {
    limited(1000).write(NAME, content(10_000), CREATE_ONLY);

    assertThat(elapsed()).isEqualTo(Duration.ofSeconds(10));
    assertThat(store.stat(NAME).orElseThrow().size()).isEqualTo(10_000);
  }

  @Test
  void aReadTakesAsLongAsItsBytesAreAllowed() throws Exception {
    store.write(NAME, content(10_000), CREATE_ONLY);

    try (InputStream in = limited(1000).read(NAME, 4000)) {
      assertThat(in.readAllBytes()).hasSize(6000);
    }

    assertThat(elapsed()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void bothDirectionsAndAllStreamsShareTheLimit() throws Exception {
    store.write(NAME, content(3000), CREATE_ONLY);
    ThrottlingBackupTarget target = limited(1000);

    try (InputStream in = target.read(NAME, 0)) {
      in.readNBytes(1000);
      target.write(OTHER, content(2000), CREATE_ONLY);
      in.readAllBytes();
    }

    assertThat(elapsed()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void anIdleTimeSavesNoMoreThanAnEighthOfASecond() throws Exception {
    ThrottlingBackupTarget target = limited(1000);
    nanos.addAndGet(Duration.ofHours(1).toNanos());

    target.write(NAME, content(1125), CREATE_ONLY);

    assertThat(elapsed()).isEqualTo(Duration.ofHours(1).plusSeconds(1));
  }

  @Test
  void noWaitIsLong() throws Exception {
    Waiter impatient =
        wait -> {
          assertThat(wait).isLessThanOrEqualTo(Duration.ofMillis(125));
          nanos.addAndGet(wait.toNanos());
        };

    new ThrottlingBackupTarget(store, new Bandwidth(1000, impatient, nanos::get))
        .write(NAME, content(10_000), CREATE_ONLY);

    assertThat(elapsed()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void anInterruptEndsAWait() {
    Waiter interrupted =
        wait -> {
          throw new InterruptedException();
        };
    ThrottlingBackupTarget target =
        new ThrottlingBackupTarget(store, new Bandwidth(1000, interrupted, nanos::get));

    BackupException failure = failureOf(() -> target.write(NAME, content(1000), CREATE_ONLY));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(Kind.CANCELLED);
    assertThat(failure.location()).endsWith(NAME.value());
  }

  @Test
  void whatAContentKnowsOfItselfPasses() throws Exception {
    Content known = new Known();
    ForwardingBackupTarget asking = new Asking();

    new ThrottlingBackupTarget(asking, new Bandwidth(1000, this::pass, nanos::get))
        .write(NAME, known, CREATE_ONLY);

    assertThat(elapsed()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aLimitOfNothingIsRefused() {
    assertThatThrownBy(() -> new ThrottlingBackupTarget(store, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private ThrottlingBackupTarget limited(long bytesPerSecond) {
    return new ThrottlingBackupTarget(store, new Bandwidth(bytesPerSecond, this::pass, nanos::get));
  }

  private void pass(Duration wait) {
    nanos.addAndGet(wait.toNanos());
  }

  private Duration elapsed() {
    return Duration.ofNanos(nanos.get() - start);
  }

  private static Content content(int size) {
    return out -> out.write(new byte[size]);
  }

  /** Asks as a target does that continues a broken write. */
  private final class Asking extends ForwardingBackupTarget {
    Asking() {
      super(store);
    }

    @Override
    public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
        throws IOException {
      assertThat(content.repeatable()).isTrue();
      assertThat(content.digest()).contains(Known.DIGEST);
      assertThat(content.sizeHint()).hasValue(5000);
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      content.writeTo(rest, 3000);
      assertThat(rest.size()).isEqualTo(2000);
      return new ObjectInfo(name, 5000, Instant.EPOCH);
    }
  }

  private static final class Known implements Content {
    static final Digest DIGEST = new Digest(5000, "0".repeat(64));

    @Override
    public void writeTo(OutputStream out) throws IOException {
      writeTo(out, 0);
    }

    @Override
    public void writeTo(OutputStream out, long offset) throws IOException {
      out.write(new byte[(int) (5000 - offset)]);
    }

    @Override
    public boolean repeatable() {
      return true;
    }

    @Override
    public Optional<Digest> digest() {
      return Optional.of(DIGEST);
    }

    @Override
    public OptionalLong sizeHint() {
      return OptionalLong.of(5000);
    }
  }
}
