package dev.openmemory.backup.memories;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Which memories are wanted. Each condition that is set has to hold. Immutable.
 *
 * @param user the {@code user_id} of the owner
 * @param app the name of the app that wrote it
 * @param state {@code active}, {@code paused}, {@code archived} or {@code deleted}
 * @param search every word of it is in the text. A word of letters and digits is found at the
 *     beginning of words, whatever their case and accents; anything else, and what stands between
 *     double quotes, is found as it is, whatever the case of ASCII letters.
 * @param since created, changed, archived or deleted then or later
 */
public record MemoryQuery(
    Optional<String> user,
    Optional<String> app,
    Optional<String> state,
    Optional<String> search,
    Optional<Instant> since) {
  /** All memories. */
  public static final MemoryQuery ALL =
      new MemoryQuery(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** The same, of that user only. */
  public MemoryQuery withUser(String id) {
    return new MemoryQuery(Optional.of(id), app, state, search, since);
  }

  /** The same, of that app only. */
  public MemoryQuery withApp(String name) {
    return new MemoryQuery(user, Optional.of(name), state, search, since);
  }

  /** The same, in that state only. */
  public MemoryQuery withState(String wanted) {
    return new MemoryQuery(user, app, Optional.of(lower(wanted)), search, since);
  }

  /** The same, with these words only. */
  public MemoryQuery withSearch(String words) {
    return new MemoryQuery(user, app, state, Optional.of(words), since);
  }

  /** The same, of that time or later only. */
  public MemoryQuery withSince(Instant time) {
    return new MemoryQuery(user, app, state, search, Optional.of(time));
  }

  private static String lower(String state) {
    return Objects.requireNonNull(state).toLowerCase(Locale.ROOT);
  }
}
