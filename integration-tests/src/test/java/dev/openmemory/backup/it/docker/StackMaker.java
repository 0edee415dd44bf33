package dev.openmemory.backup.it.docker;

/** Makes the network, the volumes and the containers of a plan, all of them labelled as it says. */
interface StackMaker {
  /** Afterwards the containers are there; whether they run is open. */
  void make(StackPlan plan);
}
