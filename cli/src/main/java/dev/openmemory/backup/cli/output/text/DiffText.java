package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.BackupSummary.State;
import dev.openmemory.backup.cli.output.FactsText;
import dev.openmemory.backup.cli.output.Printable;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.diff.BackupDiff;
import dev.openmemory.backup.diff.BackupDiff.Collection;
import dev.openmemory.backup.diff.BackupDiff.Listed;
import dev.openmemory.backup.diff.BackupDiff.Memories;
import dev.openmemory.backup.diff.BackupDiff.Memory;
import dev.openmemory.backup.diff.BackupDiff.Part;
import dev.openmemory.backup.diff.BackupDiff.Points;
import dev.openmemory.backup.diff.BackupDiff.Rows;
import dev.openmemory.backup.diff.BackupDiff.Settings;
import dev.openmemory.backup.diff.BackupDiff.Side;
import dev.openmemory.backup.diff.BackupDiff.Size;
import dev.openmemory.backup.diff.BackupDiff.Text;
import dev.openmemory.backup.diff.BackupDiff.Version;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A {@link BackupDiff} for people. Everything that comes out of a backup goes through Printable.
 */
final class DiffText {
  private static final String NONE = "-";
  private static final String ADDED = "+ ";
  private static final String REMOVED = "- ";
  private static final String CHANGED = "~ ";

  private final List<String> lines = new ArrayList<>();
  private final BackupDiff diff;
  private final ZoneId zone;

  private DiffText(BackupDiff diff, ZoneId zone) {
    this.diff = diff;
    this.zone = zone;
  }

  static List<String> lines(BackupDiff diff, ZoneId zone) {
    DiffText text = new DiffText(diff, zone);
    text.all();
    return text.lines;
  }

  private void all() {
    lines.add("From " + side(diff.before()));
    lines.add("to   " + side(diff.after()));
    lines.add(diff.same() ? "No difference was found." : "They differ.");
    parts();
    tables();
    diff.memories().ifPresent(this::memories);
    diff.settings().forEach(this::settings);
    collections();
    if (!diff.notCompared().isEmpty()) {
      title("Not compared");
      diff.notCompared().forEach(w -> lines.add("  " + Printable.of(w.message())));
    }
  }

  private String side(Side side) {
    return side.name()
        + "  "
        + Units.dateTime(side.created(), zone)
        + (side.state() == State.UNVERIFIED ? "  unverified" : "");
  }

  private void title(String title) {
    lines.add("");
    lines.add(title);
  }

  private void parts() {
    title("Sizes in the target");
    Table table = new Table();
    table.row("COMPONENT", "FROM", "TO", "");
    for (Part part : diff.parts()) {
      table.row(
          Printable.of(part.component()),
          size(part.before()),
          size(part.after()),
          part.identical().filter(identical -> identical).map(yes -> "identical").orElse(""));
    }
    lines.addAll(table.lines("  "));
  }

  private static String size(Optional<Size> size) {
    return size.map(s -> Units.size(s.storedBytes())).orElse(NONE);
  }

  private void tables() {
    if (diff.tables().isEmpty()) {
      return;
    }
    title("Rows");
    Table table = new Table();
    table.row("TABLE", "FROM", "TO", "ADDED", "REMOVED", "CHANGED", "IN BOTH");
    for (BackupDiff.Table one : diff.tables()) {
      if (!one.same()) {
        table.row(cells(one));
      }
    }
    List<BackupDiff.Table> same = diff.tables().stream().filter(BackupDiff.Table::same).toList();
    if (same.size() < diff.tables().size()) {
      lines.addAll(table.lines("  "));
      diff.tables().forEach(this::columns);
    }
    if (!same.isEmpty()) {
      lines.add(
          "  the same: "
              + same.stream()
                  .map(t -> Printable.of(t.name()) + " " + t.after().orElse(0))
                  .collect(Collectors.joining(", ")));
    }
  }

  private static String[] cells(BackupDiff.Table table) {
    Optional<Rows> rows = table.rows();
    return new String[] {
      Printable.of(table.name()),
      number(table.before()),
      number(table.after()),
      rows.map(r -> String.valueOf(r.added())).orElse(NONE),
      rows.map(r -> String.valueOf(r.removed())).orElse(NONE),
      rows.map(r -> String.valueOf(r.changed())).orElse(NONE),
      rows.map(r -> String.valueOf(r.both())).orElse(NONE)
    };
  }

  private static String number(OptionalLong number) {
    return number.isPresent() ? String.valueOf(number.getAsLong()) : NONE;
  }

  private void columns(BackupDiff.Table table) {
    columns(table, ADDED, table.columnsAdded());
    columns(table, REMOVED, table.columnsRemoved());
  }

  private void columns(BackupDiff.Table table, String sign, List<String> columns) {
    if (!columns.isEmpty()) {
      lines.add(
          "  columns of "
              + Printable.of(table.name())
              + ": "
              + columns.stream()
                  .map(column -> sign.strip() + Printable.of(column))
                  .collect(Collectors.joining(", ")));
    }
  }

  private void memories(Memories memories) {
    title("Memories");
    lines.add("  from " + FactsText.memories(memories.statesBefore()));
    lines.add("  to   " + FactsText.memories(memories.statesAfter()));
    memories(ADDED, "added", memories.added());
    memories(REMOVED, "removed", memories.removed());
    memories(CHANGED, "changed", memories.changed());
  }

  private void memories(String sign, String what, Listed<Memory> listed) {
    if (listed.count() > 0) {
      lines.add("  " + listed.count() + " " + what);
      listed.first().forEach(memory -> memory(sign, memory));
      more(listed);
    }
  }

  private void more(Listed<?> listed) {
    if (listed.more() > 0) {
      lines.add("    and " + listed.more() + " more");
    }
  }

  private void memory(String sign, Memory memory) {
    String columns =
        memory.columns().isEmpty()
            ? ""
            : "  changed: "
                + memory.columns().stream().map(Printable::of).collect(Collectors.joining(", "));
    lines.add("    " + sign + Printable.of(memory.id()) + "  " + states(memory) + columns);
    Optional<Text> before = memory.before().flatMap(Version::content);
    Optional<Text> after = memory.after().flatMap(Version::content);
    if (before.isPresent() && before.equals(after) && !memory.columns().contains("content")) {
      content("  ", after);
    } else {
      content(REMOVED, before);
      content(ADDED, after);
    }
  }

  private static String states(Memory memory) {
    String before = memory.before().map(DiffText::state).orElse("");
    String after = memory.after().map(DiffText::state).orElse("");
    return before.isEmpty() || after.isEmpty() || before.equals(after)
        ? (after.isEmpty() ? before : after)
        : before + " -> " + after;
  }

  private static String state(Version version) {
    return version.state().orElse("unknown state");
  }

  private void content(String sign, Optional<Text> content) {
    content.ifPresent(
        text -> {
          boolean cut = text.characters() > Text.MOST_CHARACTERS;
          String end = cut ? " ... (" + text.characters() + " characters)" : "";
          lines.add("        " + sign + Printable.of(text.beginning()) + end);
        });
  }

  private void settings(Settings settings) {
    title("Settings in " + settings.document() + ", values are not shown");
    places(ADDED, settings.added());
    places(REMOVED, settings.removed());
    places(CHANGED, settings.changed());
  }

  private void places(String sign, Listed<String> places) {
    for (String place : places.first()) {
      lines.add("    " + sign + (place.isEmpty() ? "(the whole document)" : Printable.of(place)));
    }
    more(places);
  }

  private void collections() {
    if (diff.collections().isEmpty()) {
      return;
    }
    title("Points");
    Table table = new Table();
    table.row("COLLECTION", "FROM", "TO");
    for (Collection collection : diff.collections()) {
      table.row(
          Printable.of(collection.name()), points(collection.before()), points(collection.after()));
    }
    lines.addAll(table.lines("  "));
  }

  private static String points(Optional<Points> points) {
    return points.map(p -> p.exact().isPresent() ? number(p.exact()) : "unknown").orElse(NONE);
  }
}
