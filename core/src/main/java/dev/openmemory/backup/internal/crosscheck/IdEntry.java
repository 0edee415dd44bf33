package dev.openmemory.backup.internal.crosscheck;

import java.util.UUID;

/**
 * An id on one side of a comparison.
 *
 * @param high the first 64 bits of the id
 * @param low the last 64 bits of the id
 * @param order of entries with the same id
 * @param value what the side knows of it
 */
record IdEntry(long high, long low, long order, long value) implements Comparable<IdEntry> {
  IdEntry(UUID id, long order, long value) {
    this(id.getMostSignificantBits(), id.getLeastSignificantBits(), order, value);
  }

  UUID id() {
    return new UUID(high, low);
  }

  /** Orders ids as Qdrant does: by their 128 bits. */
  int compareId(IdEntry other) {
    int first = Long.compareUnsigned(high, other.high);
    return first != 0 ? first : Long.compareUnsigned(low, other.low);
  }

  @Override
  public int compareTo(IdEntry other) {
    int byId = compareId(other);
    return byId != 0 ? byId : Long.compare(order, other.order);
  }
}
