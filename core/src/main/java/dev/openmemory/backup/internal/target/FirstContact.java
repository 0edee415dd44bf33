package dev.openmemory.backup.internal.target;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Whether a store was there at all. Patience is for stores that were; at an address with a typing
 * error nothing ever answers. Thread-safe.
 */
final class FirstContact {
  private static final int ATTEMPTS = 2;

  private volatile boolean made;

  /** The store has answered. */
  void made() {
    made = true;
  }

  /** How many attempts the failure of one of them is worth. */
  int attempts(IOException failure, int most) {
    if (made || !isNothingThere(failure)) {
      made = true;
      return most;
    }
    return Math.min(ATTEMPTS, most);
  }

  private static boolean isNothingThere(IOException failure) {
    return Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
        .limit(20)
        .anyMatch(
            cause ->
                cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException);
  }
}
