package dev.openmemory.backup.cli.demo;

/**
 * How much data a demonstration makes up.
 *
 * @param memories in the database and as vectors
 * @param pageBytes what one page file of the vector store preallocates; all other files scale with
 *     it
 * @param transactionsPerSecond that the writer aims at
 */
record DemoSize(int memories, int pageBytes, int transactionsPerSecond) {
  /** As a person's OpenMemory after some years: about 200 MB, of which about 85 MB are data. */
  static final DemoSize STANDARD = new DemoSize(20_000, 32 << 20, 200);

  /** Enough to make folders different. */
  static final DemoSize SMALL = new DemoSize(300, 256 << 10, 200);

  /** Bytes that the whole demonstration takes on disk at most, with room to spare. */
  long spaceNeeded() {
    return 20L * pageBytes + 4_000L * memories;
  }
}
