package dev.openmemory.backup.benchmarks.peers;

import java.util.function.ToDoubleFunction;

/**
 * What one job may take of another.
 *
 * @param ours the name of our job
 * @param peer the name of the other one
 * @param limit the highest ratio
 */
record Goal(String ours, String peer, String measure, ToDoubleFunction<Cost> of, double limit) {
  static Goal wall(String ours, String peer, double limit) {
    return new Goal(ours, peer, "time", Cost::wall, limit);
  }

  static Goal cpu(String ours, String peer, double limit) {
    return new Goal(ours, peer, "CPU time", Cost::cpu, limit);
  }

  static Goal bytes(String ours, String peer, double limit) {
    return new Goal(ours, peer, "bytes", Cost::bytes, limit);
  }
}
