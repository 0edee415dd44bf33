package dev.openmemory.backup.testkit.qdrant;

import java.util.Locale;
import java.util.UUID;

/** The id of a point: numbers come before UUIDs, and those in the order of their 128 bits. */
record PointId(long number, String uuid) implements Comparable<PointId> {

  /** An id in the form of JSON. */
  static PointId of(Object id) throws DoubleAnswer {
    if (id instanceof Number number) {
      return new PointId(number.longValue(), "");
    }
    try {
      return new PointId(0, UUID.fromString(id.toString()).toString().toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw DoubleAnswer.error(
          400,
          "Format error in JSON body: value "
              + id
              + " is not a valid point ID, valid values are either an unsigned integer or a UUID");
    }
  }

  Object json() {
    return uuid.isEmpty() ? number : uuid;
  }

  @Override
  public int compareTo(PointId other) {
    int byText = uuid.compareTo(other.uuid);
    return byText != 0 ? byText : Long.compareUnsigned(number, other.number);
  }
}
