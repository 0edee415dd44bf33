package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.process.Host;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Location;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * A run in this JVM that ends as a killed process does: with a request, after which the store hears
 * nothing more of it. Its records name a process that has ended.
 */
final class EndedRun {
  /** Dead before it reaches the store. */
  static final Fault UNHEARD = Fault.cutAfter(0);

  /** The store does what it is asked for, and its answer finds nobody. */
  static final Fault UNANSWERED = Fault.loseAnswer();

  private static final RetrySettings NONE =
      new RetrySettings(1, 1, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofSeconds(10));

  private EndedRun() {}

  /** How many bytes it writes, in three parts. */
  static int size(S3Server server) {
    return 2 * server.smallestPart() + 1000;
  }

  /**
   * Writes the object, one request at a time.
   *
   * @param last takes the request with which the run ends
   * @return false when there was no such request
   */
  static boolean write(
      S3Server server, URI location, ObjectName name, Predicate<StoreRequest> last, Fault end)
      throws IOException {
    AtomicBoolean ended = new AtomicBoolean();
    try (FaultyStore store = FaultyStore.before(server)) {
      store.always(request -> ended.get(), UNHEARD);
      store.next(
          last,
          exchange -> {
            ended.set(true);
            end.happen(exchange);
          });
      try (S3BackupTarget target =
          new S3BackupTarget(
              S3Location.parse(location),
              server.options(store.endpoint(), Map.of("parallelism", "1")),
              NONE,
              Clock.systemUTC(),
              store.time().watch(),
              EndedRun::owner)) {
        target.write(name, out -> out.write(new byte[size(server)]), WriteOptions.CREATE_ONLY);
      } catch (BackupException e) {
        if (!ended.get()) {
          throw e;
        }
      }
    }
    return ended.get();
  }

  /** One that had the id of this process before. */
  private static Owner owner() {
    return new Owner(
        Host.here(), ProcessHandle.current().pid(), Instant.EPOCH.toString(), Instant.EPOCH);
  }
}
