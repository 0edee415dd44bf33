package dev.openmemory.backup.benchmarks.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Our target against other programs that carry the same bytes; not thread-safe. */
public final class Comparison {
  public static final String OURS = "ours";
  private final long size;
  private final Map<String, Seconds> best = new LinkedHashMap<>();

  public Comparison(long size) {
    this.size = size;
  }

  /** Of several results of one program, the best of each way counts. */
  public void add(String program, Seconds seconds) {
    best.merge(program, seconds, Seconds::orLess);
  }

  public void print() {
    best.forEach(
        (program, seconds) ->
            Output.line(
                "  %-8s up %6.1f MB/s, down %6.1f MB/s",
                program, size / 1e6 / seconds.up(), size / 1e6 / seconds.down()));
    Seconds ours = Objects.requireNonNull(best.remove(OURS));
    best.forEach(
        (program, seconds) ->
            Output.line(
                "  ours     up %.2f x, down %.2f x %s",
                seconds.up() / ours.up(), seconds.down() / ours.down(), program));
  }

  public static void printStart(Seconds ours) {
    Output.line("  ours, a single byte: up %.1f s, down %.1f s", ours.up(), ours.down());
  }
}
