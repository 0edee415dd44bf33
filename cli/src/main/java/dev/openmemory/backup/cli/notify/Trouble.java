package dev.openmemory.backup.cli.notify;

/**
 * Why a service did not get what was sent to it.
 *
 * @param what for people, without the address and without what the service has answered
 * @param passing whether another attempt may succeed
 */
public record Trouble(String what, boolean passing) {
  static final Trouble STOPPED = new Trouble("stopped on request", false);
}
