package dev.openmemory.backup.spi;

/**
 * How an object is to be written. A target that cannot honour a choice refuses it with {@code
 * UNSUPPORTED}.
 *
 * @param replace whether an object of that name may be replaced, in one step; if not, it is {@code
 *     ALREADY_EXISTS}
 */
public record WriteOptions(boolean replace) {
  /** The default: an existing name is an error. */
  public static final WriteOptions CREATE_ONLY = new WriteOptions(false);

  /** An existing object is replaced in one step. */
  public static final WriteOptions REPLACE = new WriteOptions(true);
}
