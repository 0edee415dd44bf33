package dev.openmemory.backup.benchmarks.report;

/**
 * How fast something dealt with a volume.
 *
 * @param apparent bytes of the volume, holes included
 * @param stored bytes that were left of them; none when they were only read
 */
public record Throughput(long apparent, double seconds, long stored) {
  /** This speed as a multiple of the other. */
  public double over(Throughput other) {
    return other.seconds / seconds;
  }

  public void print(String name) {
    Output.line(
        "  %-34s %6.1f MB/s %6.1f s, %.3f of the plain size stored",
        name, apparent / 1e6 / seconds, seconds, (double) stored / apparent);
  }
}
