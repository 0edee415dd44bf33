package dev.openmemory.backup.benchmarks.peers;

/**
 * Lines of a shell. They know {@code $STORE}, {@code $WORK}, {@code $ROUND}, and {@code $OURS}, our
 * launcher.
 *
 * @param program that it needs besides those of every system
 * @param preparation not measured
 * @param command measured with the start of its program
 * @param stored the file or folder that it stores; empty for none
 */
record Job(String name, String program, String preparation, String command, String stored) {
  Job(String name, String program, String preparation, String command) {
    this(name, program, preparation, command, "");
  }
}
