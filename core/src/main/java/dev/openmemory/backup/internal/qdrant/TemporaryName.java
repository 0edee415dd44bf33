package dev.openmemory.backup.internal.qdrant;

import dev.openmemory.backup.internal.process.Owner;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The name of a collection that a run makes in a running Qdrant for a while. It says which process
 * made it, also to a run on another host.
 */
public record TemporaryName(Owner owner, String id) {
  private static final String PREFIX = "temporary-of-openmemory-backup-";

  /** A new one of this process. */
  public static TemporaryName create(Clock clock) {
    return new TemporaryName(
        Owner.ofThisProcess(clock), UUID.randomUUID().toString().substring(0, 8));
  }

  /** Empty when the collection is none of ours. */
  public static Optional<TemporaryName> parse(String collection) {
    int end = collection.lastIndexOf('-');
    if (!collection.startsWith(PREFIX) || end < PREFIX.length()) {
      return Optional.empty();
    }
    return Owner.fromText(collection.substring(PREFIX.length(), end))
        .map(owner -> new TemporaryName(owner, collection.substring(end + 1)));
  }

  /** The collections that are to be backed up. */
  public static List<String> without(List<String> collections) {
    return collections.stream().filter(name -> parse(name).isEmpty()).toList();
  }

  /** Whether the process that made it is no longer at work. */
  public boolean isAbandoned(Clock clock) {
    return owner.isGone(clock);
  }

  @Override
  public String toString() {
    return PREFIX + owner.toText() + "-" + id;
  }
}
