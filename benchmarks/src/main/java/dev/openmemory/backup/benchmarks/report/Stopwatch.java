package dev.openmemory.backup.benchmarks.report;

/** Seconds that something takes. */
public final class Stopwatch {
  public interface Work {
    void run() throws Exception;
  }

  private Stopwatch() {}

  public static double seconds(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  /** The best of some runs: the one that was disturbed least. */
  public static double best(int runs, Work work) throws Exception {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < runs; i++) {
      best = Math.min(best, seconds(work));
    }
    return best;
  }
}
