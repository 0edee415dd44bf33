package dev.openmemory.backup.memories;

import java.util.Optional;

/**
 * What is done about one memory of an installation.
 *
 * @param id with dashes; the new one when it gets a new one
 * @param before as the installation has it; empty when it is not there
 * @param after as it will be; empty when it will not be there
 * @param vector what is done about its vector
 */
public record MemoryChange(
    String id,
    Action action,
    Optional<Memory> before,
    Optional<Memory> after,
    VectorChange vector) {

  /** What is done. */
  public enum Action {
    /** It is not there, and will be. */
    ADD,
    /** It is there as deleted, and will be as it was. */
    BRING_BACK,
    /** Another one is there, and will be replaced. */
    OVERWRITE,
    /** The memory is there as it was, and only its vector is missing. */
    VECTOR,
    /** It is taken back to what it was before the changes of an undo file. */
    UNDO,
    /** A vector is there and its memory is not, or as deleted; the vector is removed. */
    DROP,
    /** Nothing: it is there as it was. */
    NOTHING,
    /** Nothing: another one is there, and overwriting was not asked for. */
    KEEP,
    /** Nothing: no vector of it was found, without which no search finds it. */
    WITHOUT_VECTOR,
    /** Nothing: a vector is there and its memory is not, and removing it was not asked for. */
    ORPHAN;

    /** Whether anything is changed. */
    public boolean changes() {
      return compareTo(NOTHING) < 0;
    }
  }

  /** What is done about the vector of a memory. */
  public enum VectorChange {
    /** It is missing, and is put there. */
    ADD,
    /** Another one is there, and is replaced. */
    REPLACE,
    /** OpenMemory's embedder makes a new one. */
    NEW,
    /** It is removed. */
    REMOVE,
    /** Nothing. */
    NOTHING
  }
}
