package dev.openmemory.backup.benchmarks.peers;

/**
 * What a command took.
 *
 * @param wall in seconds
 * @param cpu of all its processes, in seconds
 * @param peak resident set of its largest process, in MiB
 * @param bytes that it has stored; 0 if it stores nothing
 */
record Cost(double wall, double cpu, double peak, double bytes) {}
