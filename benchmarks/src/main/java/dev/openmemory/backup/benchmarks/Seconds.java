package dev.openmemory.backup.benchmarks;

/** Seconds of a transfer each way. */
record Seconds(double up, double down) {
  Seconds orLess(Seconds other) {
    return new Seconds(Math.min(up, other.up), Math.min(down, other.down));
  }
}
