package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.cli.output.MemoryRenderer;
import dev.openmemory.backup.cli.output.Printable;
import dev.openmemory.backup.cli.output.Units;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryDetails;
import dev.openmemory.backup.memories.MemoryHistory;
import dev.openmemory.backup.memories.MemoryHistory.Change;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * Memories for people.
 *
 * @param zone of the times
 * @param inFull whether a list shows all of each memory, and not one line
 */
public record MemoriesText(ZoneId zone, boolean inFull) implements MemoryRenderer {
  /** With it a line of a list has at most 80 columns, if no character takes two. */
  private static final int LINE = 58;

  private static final int SHORT_ID = 8;
  private static final int DATE = 10;

  @Override
  public Optional<String> beforeList() {
    return Optional.empty();
  }

  @Override
  public String listed(Memory memory, boolean first) {
    if (inFull) {
      return (first ? "" : "\n") + all(memory).text();
    }
    String date = memory.created().map(time -> day(time)).orElse("-" + " ".repeat(DATE - 1));
    String id = memory.id().substring(0, Math.min(SHORT_ID, memory.id().length()));
    String state = memory.state().equals("active") ? "" : "(" + memory.state() + ") ";
    return date + "  " + Printable.of(id) + "  " + shortened(Printable.of(state + memory.text()));
  }

  private String day(Instant time) {
    return time.atZone(zone).toLocalDate().toString();
  }

  private static String shortened(String text) {
    int characters = text.codePointCount(0, text.length());
    return characters <= LINE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LINE - 3)) + "...";
  }

  @Override
  public String afterList(MemoriesReport report) {
    String gap = inFull && report.found() > 0 ? "\n" : "";
    return gap + count(report) + " in backup " + report.backup();
  }

  private static String count(MemoriesReport report) {
    return report.found() == report.memories()
        ? memories(report.found())
        : report.found() + " of " + memories(report.memories());
  }

  private static String memories(long count) {
    return count == 1 ? "1 memory" : count + " memories";
  }

  @Override
  public String details(MemoryDetails details) {
    Lines lines = all(details.memory());
    for (MemoryDetails.StateChange change : details.changes()) {
      lines.add(
          "  changed     "
              + change.at().map(this::time).orElse("at an unknown time")
              + ": from "
              + Printable.of(change.before())
              + " to "
              + Printable.of(change.after())
              + change.by().map(user -> " by " + Printable.of(user)).orElse(""));
    }
    lines.add("  vector      " + vector(details.vector()));
    lines.add("  in backup   " + details.backup());
    return lines.text();
  }

  private static String vector(MemoryDetails.Vector vector) {
    return switch (vector) {
      case PRESENT -> "is in the backup";
      case ABSENT -> "is not in the backup";
      case UNKNOWN -> "unknown: memories and vectors were not compared for this backup";
    };
  }

  private Lines all(Memory memory) {
    Lines lines = new Lines();
    lines.add("Memory " + Printable.of(memory.id()));
    lines.block("  text        ", memory.text().lines().map(Printable::of).toList());
    lines.add("  state       " + Printable.of(memory.state()));
    field(lines, "user        ", memory.user());
    field(lines, "app         ", memory.app());
    field(
        lines,
        "categories  ",
        Optional.of(String.join(", ", memory.categories())).filter(text -> !text.isEmpty()));
    field(lines, "metadata    ", memory.metadata().filter(json -> !json.equals("{}")));
    field(lines, "created     ", memory.created().map(this::time));
    field(lines, "updated     ", memory.updated().map(this::time));
    field(lines, "archived    ", memory.archived().map(this::time));
    field(lines, "deleted     ", memory.deleted().map(this::time));
    return lines;
  }

  private static void field(Lines lines, String name, Optional<String> value) {
    value.ifPresent(text -> lines.add("  " + name + Printable.of(text)));
  }

  private String time(Instant time) {
    return Units.dateTime(time, zone);
  }

  @Override
  public String history(MemoryHistory history, boolean everything) {
    Lines lines = new Lines();
    lines.add("Memory " + history.id());
    List<MemoryHistory.Entry> entries = history.entries();
    for (MemoryHistory.Entry entry : entries) {
      if (everything || !isSame(entry.change())) {
        lines.add("  " + time(entry.created()) + "  " + entry.backup() + ": " + text(entry));
        if (entry.change() == Change.APPEARED || entry.change() == Change.TEXT) {
          lines.block(
              "    ", entry.memory().orElseThrow().text().lines().map(Printable::of).toList());
        }
      }
    }
    MemoryHistory.Entry newest = entries.get(entries.size() - 1);
    lines.add(
        newest.memory().isPresent()
            ? "  It is in the newest backup, " + newest.backup() + "."
            : "  It is not in the newest backup, " + newest.backup() + ".");
    lines.warnings(history.unread());
    return lines.text();
  }

  private static boolean isSame(Change change) {
    return change == Change.SAME || change == Change.NOT_THERE;
  }

  private static String text(MemoryHistory.Entry entry) {
    return switch (entry.change()) {
      case NOT_THERE -> "not there";
      case APPEARED -> "appeared" + entry.memory().map(MemoriesText::notActive).orElse("");
      case SAME -> "the same";
      case TEXT -> "its text changed" + entry.memory().map(MemoriesText::notActive).orElse("");
      case STATE -> "its state is now " + Printable.of(entry.memory().orElseThrow().state());
      case OTHER -> "its metadata, categories, owner or times changed";
      case GONE -> "its row is gone";
    };
  }

  private static String notActive(Memory memory) {
    return memory.state().equals("active") ? "" : ", " + Printable.of(memory.state());
  }

  @Override
  public String written(MemoriesReport report, String format, String file) {
    String place = file.equals("-") ? "standard output" : file;
    return "Wrote "
        + count(report)
        + " of backup "
        + report.backup()
        + " as "
        + format
        + " to "
        + place;
  }
}
