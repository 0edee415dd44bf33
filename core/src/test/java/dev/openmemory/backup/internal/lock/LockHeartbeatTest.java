package dev.openmemory.backup.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.catalog.LockEntry;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.target.WaitedTime;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.TargetTraits;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.testkit.InMemoryBackupTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an entry is renewed. */
class LockHeartbeatTest {
  private static final Duration STALE = Duration.ofMinutes(10);
  private static final ObjectName ENTRY = LockEntry.newName("a");
  private static final SmallContent CONTENT =
      new SmallContent("{}".getBytes(StandardCharsets.UTF_8));

  /** Of the store and of this host. */
  private final WaitedTime wall = new WaitedTime();

  private final AtomicLong monotonic = new AtomicLong();
  private final InMemoryBackupTarget store = new InMemoryBackupTarget(wall);
  private boolean refusesToDelete;
  private boolean refusesToWrite;

  private LockHeartbeat written(boolean replaces) throws IOException {
    BackupTarget target = new WithoutReplace(replaces);
    target.write(ENTRY, CONTENT, WriteOptions.CREATE_ONLY);
    return new LockHeartbeat(target, ENTRY, CONTENT, STALE, Stopwatch.start(wall, monotonic::get));
  }

  private List<Instant> times() throws IOException {
    return store.list("").stream().map(ObjectInfo::modified).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEntryIsWrittenAgainAndGoesWithTheRun(boolean replaces) throws IOException {
    LockHeartbeat heartbeat = written(replaces);
    wall.pass(Duration.ofMinutes(1));

    assertThat(heartbeat.renew()).isTrue();

    assertThat(times()).containsExactly(wall.instant());
    assertThat(store.stat(ENTRY).isPresent()).isEqualTo(replaces);
    assertThat(LockHeartbeat.isActive(store.list("").get(0).name())).isTrue();
    heartbeat.close();
    assertThat(store.list("")).isEmpty();
    assertThat(LockHeartbeat.isActive(ENTRY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEntryThatIsGoneIsNeverWrittenAgain(boolean replaces) throws IOException {
    LockHeartbeat heartbeat = written(replaces);
    store.delete(ENTRY);

    assertThat(heartbeat.renew()).isFalse();
    assertThat(heartbeat.look()).isEmpty();

    wall.pass(STALE);
    assertThat(heartbeat.look()).isEmpty();
    assertThat(store.list("")).isEmpty();
    heartbeat.close();
  }

  @Test
  void aRenewalThatFailsHalfWayLeavesTheRunItsLockAndNothingInTheEnd() throws IOException {
    LockHeartbeat heartbeat = written(false);
    refusesToDelete = true;

    assertThatThrownBy(heartbeat::renew).hasMessageContaining("refused");

    assertThat(heartbeat.look()).isPresent();
    refusesToDelete = false;
    assertThat(heartbeat.renew()).isTrue();
    refusesToWrite = true;
    assertThatThrownBy(heartbeat::renew).hasMessageContaining("refused");
    refusesToWrite = false;
    assertThat(heartbeat.renew()).isTrue();
    assertThat(store.list("")).hasSize(1).allMatch(entry -> heartbeat.has(entry.name()));
    heartbeat.close();
    assertThat(store.list("")).isEmpty();
  }

  /** The first as after a sleep of the host, the second as with a clock that was set back. */
  @ParameterizedTest
  @ValueSource(strings = {"only the wall clock", "only the monotonic clock", "neither"})
  void anEntryThatMayLookStaleIsRenewedBeforeItIsLookedAt(String moves) throws IOException {
    LockHeartbeat heartbeat = written(true);
    Instant begin = wall.instant();
    wall.pass(moves.contains("wall") ? STALE : Duration.ofMinutes(1));
    monotonic.set(moves.contains("monotonic") ? STALE.toNanos() : 0);

    Optional<ObjectInfo> own = heartbeat.look();

    Instant expected = moves.equals("neither") ? begin : wall.instant();
    assertThat(own.map(ObjectInfo::modified)).contains(expected);
    heartbeat.close();
  }

  private final class WithoutReplace extends ForwardingBackupTarget {
    private final boolean replaces;

    WithoutReplace(boolean replaces) {
      super(store);
      this.replaces = replaces;
    }

    @Override
    public TargetTraits traits() {
      TargetTraits all = super.traits();
      return new TargetTraits(
          replaces,
          all.exclusiveCreate(),
          all.modificationTimes(),
          all.maxObjectSize(),
          all.bufferBytes());
    }

    @Override
    public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
        throws IOException {
      if (refusesToWrite) {
        throw Kind.UNAVAILABLE.failure("write", name.value(), "refused");
      }
      return super.write(name, content, options);
    }

    @Override
    public void delete(ObjectName name) throws IOException {
      if (refusesToDelete) {
        throw Kind.UNAVAILABLE.failure("delete", name.value(), "refused");
      }
      super.delete(name);
    }
  }
}
