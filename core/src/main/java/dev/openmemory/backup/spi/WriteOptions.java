package dev.openmemory.backup.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * How an object is to be written. A target that cannot honour a choice refuses it with {@code
 * UNSUPPORTED}.
 *
 * @param replace whether an object of that name may be replaced, in one step; if not, it is {@code
 *     ALREADY_EXISTS}
 * @param modified the time to give to the object; empty for that of the store's clock
 */
public record WriteOptions(boolean replace, Optional<Instant> modified) {
  /** The default: an existing name is an error. */
  public static final WriteOptions CREATE_ONLY = new WriteOptions(false, Optional.empty());

  /** An existing object is replaced in one step. */
  public static final WriteOptions REPLACE = new WriteOptions(true, Optional.empty());

  /** The same with that time, for targets that {@link TargetTraits#modificationTimes} allows. */
  public WriteOptions withModified(Instant time) {
    return new WriteOptions(replace, Optional.of(time));
  }
}
