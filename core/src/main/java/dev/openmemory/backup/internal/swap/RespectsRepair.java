package dev.openmemory.backup.internal.swap;

/**
 * A restoration that leaves alone, when it is rolled back by a later run, what a person has put in
 * the place of the data; such a rollback fails.
 */
public interface RespectsRepair {
  /** Why nothing was done, and both ways out. */
  String LEFT_ALONE =
      "the data there is neither that from before nor what the restore left, as after a repair by"
          + " hand, so nothing was changed. 'unlock --restore repaired' accepts it, 'unlock"
          + " --restore retry' puts the state from before in its place";

  /** Lets the next rollback replace that too. */
  void replaceRepair();
}
