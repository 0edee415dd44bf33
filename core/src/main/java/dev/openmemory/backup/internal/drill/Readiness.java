package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.spi.TrialServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Waits until a server serves, or has ended. */
record Readiness(TrialServer server, String what, Cancellation cancellation) {
  static final String OPERATION = "await Qdrant";

  private static final int ANSWER_MILLIS = 1000;
  private static final long POLL_MILLIS = 50;

  /**
   * Waits.
   *
   * @return where it serves
   * @throws BackupException of kind {@code CORRUPT} when it has ended, with what it said; {@code
   *     TIMEOUT} when it does not serve in time
   */
  URI await(Duration patience) throws IOException {
    long start = System.nanoTime();
    while (true) {
      Optional<URI> address = server.address();
      if (address.isPresent() && answers(address.get())) {
        return address.get();
      }
      Optional<String> end = server.ended();
      if (end.isPresent()) {
        throw new BackupException(
            Kind.CORRUPT, OPERATION, "", withLastWords(what + " " + end.get(), server.lastWords()));
      }
      if (System.nanoTime() - start > patience.toNanos()) {
        String fact = what + " did not serve within " + patience.toSeconds() + " s";
        throw new BackupException(
            Kind.TIMEOUT, OPERATION, "", withLastWords(fact, server.lastWords()));
      }
      pause();
    }
  }

  /** A fact with what the server said last. */
  static String withLastWords(String fact, String lastWords) {
    return lastWords.isEmpty() ? fact + " and said nothing" : fact + "; it said: " + lastWords;
  }

  private static boolean answers(URI address) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) address.resolve("/readyz").toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(ANSWER_MILLIS);
    connection.setReadTimeout(ANSWER_MILLIS);
    try {
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    } finally {
      connection.disconnect();
    }
  }

  private void pause() throws BackupException {
    cancellation.check();
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancellation.check();
    }
  }
}
