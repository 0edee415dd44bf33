package dev.openmemory.backup.targetcheck;

/**
 * How a target is to be checked.
 *
 * @param largestObject the size in bytes of the largest object, which is written twice and read
 *     once; at least 1
 */
public record TargetCheckRequest(long largestObject) {
  /** 9 MiB, which the S3 target sends in two parts. */
  public static final TargetCheckRequest STANDARD = new TargetCheckRequest(9L << 20);

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException when it is below 1
   */
  public TargetCheckRequest {
    if (largestObject < 1) {
      throw new IllegalArgumentException("largestObject: " + largestObject);
    }
  }

  /** The same with another size of the largest object. */
  public TargetCheckRequest withLargestObject(long bytes) {
    return new TargetCheckRequest(bytes);
  }
}
