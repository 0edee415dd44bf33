package dev.openmemory.backup.cli.notify;

import java.time.Duration;
import java.util.Optional;

/** One way to people: a web service, or a mail server. Used by one thread. */
interface Way {
  /** As in the names of its settings: {@code slack}. */
  String name();

  /** The host that it sends to. The rest of the address may be a secret. */
  String host();

  /**
   * Sends the notice once. An interrupt of the calling thread ends the attempt; the flag stays set.
   *
   * @param longest time for all of the attempt
   * @return empty when the service has accepted it
   */
  Optional<Trouble> send(Notice notice, Duration longest);
}
