package dev.openmemory.backup.diff;

/**
 * How two backups are compared.
 *
 * @param content whether the texts of memories are reported; without it none leaves SQLite
 * @param named how many of each kind of difference are listed one by one, from 0 to {@link
 *     #MOST_NAMED}; the others are counted
 */
public record DiffRequest(boolean content, int named) {
  /** What fits in memory, also with the texts. */
  public static final int MOST_NAMED = 1000;

  /** The first hundred of each kind, without texts. */
  public static final DiffRequest STANDARD = new DiffRequest(false, 100);

  /** Refuses what would not fit in memory. */
  public DiffRequest {
    if (named < 0 || named > MOST_NAMED) {
      throw new IllegalArgumentException("from 0 to " + MOST_NAMED + ", not " + named);
    }
  }

  /** The same with the texts of memories. */
  public DiffRequest withContent() {
    return new DiffRequest(true, named);
  }

  /** The same with so many of each kind listed one by one. */
  public DiffRequest naming(int most) {
    return new DiffRequest(content, most);
  }
}
