package dev.openmemory.backup.cli.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What a demonstration has proved, and what it has not. */
final class DemoTable {
  private record Row(boolean proved, String claim, String figures) {}

  private final List<Row> rows = new ArrayList<>();

  /** Notes a claim, proved if there are no problems. */
  void add(String claim, String figures, List<String> problems) {
    rows.add(
        problems.isEmpty()
            ? new Row(true, claim, figures)
            : new Row(
                false,
                claim,
                String.join("; ", problems.subList(0, Math.min(3, problems.size())))));
  }

  /** Notes a claim, proved if it holds. */
  void add(String claim, String figures, boolean holds) {
    rows.add(new Row(holds, claim, figures));
  }

  boolean allProved() {
    return rows.stream().allMatch(Row::proved);
  }

  void print(PrintWriter out) {
    int width = rows.stream().mapToInt(row -> row.claim().length()).max().orElse(0);
    for (Row row : rows) {
      String padding = " ".repeat(width - row.claim().length());
      out.println(
          (row.proved() ? "  proved  " : "  FAILED  ")
              + row.claim()
              + padding
              + "  "
              + row.figures());
    }
  }
}
