package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.cli.advice.MigrationAdvice;
import dev.openmemory.backup.migration.MigrationReport;
import dev.openmemory.backup.migration.MigrationReport.Item;
import dev.openmemory.backup.migration.MigrationReport.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A {@link MigrationReport} for people. */
public final class MigrationText {
  private static final String INDENT = "  ";

  private MigrationText() {}

  public static List<String> lines(MigrationReport report) {
    List<String> lines = new ArrayList<>();
    lines.add("What backup " + report.name() + " needs in " + report.home());
    Table table = new Table();
    report.items().forEach(i -> table.row(word(i.state()), word(i.subject()), i.found()));
    List<String> rows = table.lines(INDENT);
    for (int i = 0; i < rows.size(); i++) {
      lines.add(rows.get(i));
      MigrationAdvice.on(report.items().get(i))
          .ifPresent(text -> lines.add(INDENT.repeat(2) + text));
    }
    lines.add(sum(report));
    return lines;
  }

  private static String sum(MigrationReport report) {
    int toDo = report.toDo().size();
    if (toDo > 0) {
      return toDo == 1 ? "1 thing has to be done" : toDo + " things have to be done";
    }
    boolean all = report.items().stream().allMatch(i -> i.state() == State.OK);
    return all ? "Nothing has to be done" : "Nothing has to be done, as far as it is known";
  }

  /** Only what has to be done; nothing when nothing has. */
  public static List<String> toDo(MigrationReport report) {
    List<Item> items = report.toDo();
    if (items.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("For backup " + report.name() + " this server still needs:");
    for (Item item : items) {
      lines.add(INDENT + word(item.subject()) + ": " + item.found());
      MigrationAdvice.on(item).ifPresent(text -> lines.add(INDENT.repeat(2) + text));
    }
    return lines;
  }

  public static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
