package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.target.WaitedTime;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Clients with a time that passes only when they wait: see {@link WaitedTime}. */
final class Waits {
  /** Longer than a server needs for anything that it does. */
  static final Timings PATIENT = timings(Duration.ofHours(1), Duration.ofSeconds(60));

  /** For what never comes: a few looks, for longer than a collection must be stable. */
  static final Timings HASTY = timings(Duration.ofMillis(500), Duration.ofSeconds(60));

  /** For a download that is silent, which is measured by the clock of the machine. */
  static final Timings SOON_SILENT = timings(Duration.ofHours(1), Duration.ofMillis(50));

  private Waits() {}

  private static Timings timings(Duration patience, Duration silence) {
    return new Timings(
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        silence,
        Duration.ofSeconds(3),
        patience,
        patience,
        Duration.ofMillis(20),
        Duration.ofMillis(200));
  }

  static Transport transport(URI address) throws BackupException {
    WaitedTime time = new WaitedTime();
    return new Transport(
        Address.of(address), Optional.empty(), PATIENT, new Cancellation(), time, time::nanos);
  }

  static QdrantClient client(URI address) throws BackupException {
    return client(address, Optional.empty(), new Cancellation());
  }

  static QdrantClient client(URI address, String key) throws BackupException {
    return client(address, Optional.of(ApiKey.of(key, "test")), new Cancellation());
  }

  static QdrantClient client(URI address, Optional<ApiKey> key, Cancellation cancellation)
      throws BackupException {
    return client(address, key, cancellation, PATIENT, new WaitedTime());
  }

  static QdrantClient client(
      URI address,
      Optional<ApiKey> key,
      Cancellation cancellation,
      Timings timings,
      WaitedTime time)
      throws BackupException {
    return QdrantClient.of(address, key, cancellation, timings, time, time::nanos);
  }
}
