package dev.openmemory.backup.benchmarks.report;

/** Seconds of a transfer each way. */
public record Seconds(double up, double down) {
  Seconds orLess(Seconds other) {
    return new Seconds(Math.min(up, other.up), Math.min(down, other.down));
  }
}
