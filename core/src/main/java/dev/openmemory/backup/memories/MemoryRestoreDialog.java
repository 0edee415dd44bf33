package dev.openmemory.backup.memories;

/**
 * Is shown what will be done before anything is changed. Called in the thread of the call; what it
 * throws ends the call.
 */
public interface MemoryRestoreDialog {
  /** Shows nothing and agrees. */
  MemoryRestoreDialog AGREE = new MemoryRestoreDialog() {};

  /** What is planned about one memory, in the order of the list. */
  default void planned(MemoryChange change) {}

  /**
   * All that was planned; asked only when something would be changed.
   *
   * @return whether to do it
   */
  default boolean confirmed(MemoryRestoreReport plan) {
    return true;
  }
}
