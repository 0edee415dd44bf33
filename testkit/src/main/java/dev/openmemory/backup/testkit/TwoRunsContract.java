package dev.openmemory.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.LeftoverHandled;
import dev.openmemory.backup.BackupEvent.WaitingFor;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What two runs on one target see of each other when one of them is killed, whatever the store:
 * they never overlap, and neither waits for a killed one. Extend it and say where a fresh store is.
 * A provider is found as applications find it, also by a JVM of its own that is killed.
 */
public abstract class TwoRunsContract {
  private static final long DEADLINE_SECONDS = 60;

  @TempDir Path temp;
  private final List<BackupEvent> events = new CopyOnWriteArrayList<>();
  private final CountDownLatch waits = new CountDownLatch(1);

  /** The URI of a target without objects; the same for all calls within one test. */
  protected abstract String location() throws Exception;

  /** How to open it. They are seen by every user of this host: no secrets. */
  protected Map<String, String> options() throws Exception {
    return Map.of();
  }

  /** What the environment of the other JVM needs beside that of this one, such as secrets. */
  protected Map<String, String> environment() {
    return Map.of();
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  final void aRunThatWaitsForAKilledRunTakesOverAtOnce() throws Exception {
    Path home = HoldingRun.makeHome(temp);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (BackupTarget target = BackupTargets.open(location(), options());
        HoldingRun killed = HoldingRun.start(home, location(), options(), environment())) {
      killed.awaitFirstFile();
      Backups backups = Backups.in(target).withListener(this::heard);
      assertIsInUse(backups, home);

      Future<?> second = other.submit(() -> HoldingRun.create(backups, home, "second"));
      assertThat(waits.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("it waits").isTrue();
      assertThat(backups.list()).isEmpty();
      killed.kill();
      second.get(DEADLINE_SECONDS, TimeUnit.SECONDS);

      assertThat(events)
          .filteredOn(LeftoverHandled.class::isInstance)
          .anySatisfy(event -> assertThat(event.toString()).contains("took over"));
      assertThat(backups.verify(new BackupName("second")).problems()).isEmpty();
      assertThat(target.list(""))
          .extracting(ObjectInfo::name)
          .allMatch(name -> name.value().startsWith("second/"));
    } finally {
      other.shutdownNow();
      assertThat(other.awaitTermination(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void assertIsInUse(Backups backups, Path home) throws Exception {
    BackupException failure =
        catchThrowableOfType(
            BackupException.class,
            () ->
                HoldingRun.create(
                    backups.withListener(event -> {}).withLockTimeout(Duration.ZERO),
                    home,
                    "too-early"));
    assertThat(failure.kind()).as("%s", failure).isEqualTo(Kind.LOCKED);
    assertThat(backups.locks()).singleElement().matches(lock -> lock.live());
  }

  private void heard(BackupEvent event) {
    events.add(event);
    if (event instanceof WaitingFor) {
      waits.countDown();
    }
  }
}
