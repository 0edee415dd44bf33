package dev.openmemory.backup.storage.s3.internal.part;

/**
 * How large each part of an upload is, when the number of bytes to come is not known.
 *
 * <p>A store takes a limited number of parts, so parts have to grow; memory is limited too, so they
 * may grow only as far as one part still fits into the buffers. The allowed number is divided into
 * equal stretches, one for each doubling: with 10,000 parts from 8 MiB and room for 5 of them,
 * 3,333 parts of 8 MiB are followed by 3,333 of 16 and the rest of 32 MiB.
 *
 * @param firstPart size of the first parts in bytes
 * @param units how many parts of that size the buffers hold
 * @param maxParts that the store takes
 * @param growing whether it takes parts of several sizes
 */
public record PartPlan(long firstPart, int units, int maxParts, boolean growing) {
  /** Of every part but the last; "Amazon S3 multipart upload limits" in its user guide. */
  public static final long SMALLEST_PART = 5L << 20;

  /** Of one buffer, which is an array; the store's own limit is 5 GiB. */
  public static final long LARGEST_PART = 1L << 30;

  public PartPlan {
    if (firstPart < 1 || firstPart > LARGEST_PART || units < 2 || maxParts < 1) {
      throw new IllegalArgumentException(
          firstPart + " bytes, " + units + " units, " + maxParts + " parts");
    }
  }

  /** How many of {@link #units} the part takes; its size is this times {@link #firstPart}. */
  int unitsOf(int partNumber) {
    int doublings = Math.min(doublings(), (partNumber - 1) / partsPerSize());
    return 1 << doublings;
  }

  /** The size of the part in bytes, if it is not the last. Numbers begin at 1. */
  int sizeOf(int partNumber) {
    return Math.toIntExact(firstPart * unitsOf(partNumber));
  }

  /** The largest object in bytes. */
  public long capacity() {
    long capacity = 0;
    for (int doubling = 0; doubling <= doublings(); doubling++) {
      int parts = doubling < doublings() ? partsPerSize() : maxParts - partsPerSize() * doublings();
      capacity += parts * (firstPart << doubling);
    }
    return capacity;
  }

  private int partsPerSize() {
    return Math.max(1, maxParts / (doublings() + 1));
  }

  private int doublings() {
    if (!growing) {
      return 0;
    }
    long largest = Math.min(units, LARGEST_PART / firstPart);
    int doublings = 63 - Long.numberOfLeadingZeros(largest);
    return Math.min(doublings, maxParts - 1);
  }
}
