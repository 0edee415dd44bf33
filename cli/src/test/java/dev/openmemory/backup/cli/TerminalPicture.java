package dev.openmemory.backup.cli;

import java.util.ArrayList;
import java.util.List;

/** Commands and what they printed, as an SVG of a terminal with 112 columns. */
final class TerminalPicture {
  private static final int COLUMNS = 112;
  private static final double COLUMN_WIDTH = 8.4;
  private static final int LINE_HEIGHT = 18;
  private static final int MARGIN = 16;

  private final List<String> lines = new ArrayList<>();

  /** Adds a command and its output, wrapped as a terminal wraps. */
  void add(String command, String output) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add(
        "<tspan class=\"prompt\">$</tspan> <tspan class=\"command\">%s</tspan>"
            .formatted(escaped(command)));
    output.lines().forEach(this::wrap);
  }

  private void wrap(String line) {
    for (int start = 0; start < line.length(); start += COLUMNS) {
      lines.add(escaped(line.substring(start, Math.min(line.length(), start + COLUMNS))));
    }
  }

  /** The whole file. */
  String svg(String title) {
    int width = (int) (COLUMNS * COLUMN_WIDTH) + 2 * MARGIN;
    int height = lines.size() * LINE_HEIGHT + 2 * MARGIN;
    StringBuilder svg =
        new StringBuilder(
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" xml:space="preserve" role="img">
            <title>%3$s</title>
            <style>
            text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d4d8de; white-space: pre }
            .prompt { fill: #7ec87e }
            .command { fill: #ffffff; font-weight: bold }
            </style>
            <rect width="%1$d" height="%2$d" rx="8" fill="#1e2228" stroke="#57606a"/>
            """
                .formatted(width, height, escaped(title)));
    for (int i = 0; i < lines.size(); i++) {
      int y = MARGIN + (i + 1) * LINE_HEIGHT - 5;
      if (!lines.get(i).isEmpty()) {
        svg.append("<text x=\"%d\" y=\"%d\">%s</text>\n".formatted(MARGIN, y, lines.get(i)));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
