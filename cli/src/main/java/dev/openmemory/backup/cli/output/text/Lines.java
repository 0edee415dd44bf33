package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.Warning;
import java.util.ArrayList;
import java.util.List;

/** Lines joined by line feeds, so that output is the same everywhere. */
final class Lines {
  private final List<String> all = new ArrayList<>();

  void add(String line) {
    all.add(line);
  }

  String text() {
    return String.join("\n", all);
  }

  void block(String title, List<String> rows) {
    for (int i = 0; i < rows.size(); i++) {
      add((i == 0 ? title : " ".repeat(title.length())) + rows.get(i));
    }
  }

  void warnings(List<Warning> warnings) {
    warnings.forEach(w -> add("  warning: " + w.message() + " [" + w.code() + "]"));
  }
}
