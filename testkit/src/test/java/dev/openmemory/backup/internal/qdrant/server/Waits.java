package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.internal.target.Waiter;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Clients that wait as long as a test may take. */
final class Waits {
  static final Timings SHORT =
      new Timings(
          Duration.ofSeconds(2),
          Duration.ofSeconds(3),
          Duration.ofMillis(400),
          Duration.ofSeconds(3),
          Duration.ofMillis(1500),
          Duration.ofSeconds(4),
          Duration.ofMillis(20),
          Duration.ofMillis(200));

  private Waits() {}

  static QdrantClient client(URI address) throws BackupException {
    return client(address, Optional.empty(), new Cancellation());
  }

  static QdrantClient client(URI address, String key) throws BackupException {
    return client(address, Optional.of(ApiKey.of(key, "test")), new Cancellation());
  }

  static QdrantClient client(URI address, Optional<ApiKey> key, Cancellation cancellation)
      throws BackupException {
    return QdrantClient.of(address, key, cancellation, SHORT, Waiter.SLEEP);
  }
}
