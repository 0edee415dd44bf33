package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.cli.output.CrossCheckText;
import dev.openmemory.backup.cli.output.MemoryChangeRenderer;
import dev.openmemory.backup.cli.output.NewVectorsText;
import dev.openmemory.backup.cli.output.Printable;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryChange;
import dev.openmemory.backup.memories.MemoryChange.Action;
import dev.openmemory.backup.memories.MemoryChange.VectorChange;
import dev.openmemory.backup.memories.MemoryRepairReport;
import dev.openmemory.backup.memories.MemoryRestoreReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Changes of memories for people: what goes with a minus, what comes with a plus. */
public record MemoryChangeText() implements MemoryChangeRenderer {
  private static final String NOTHING = "-";

  @Override
  public Optional<String> before() {
    return Optional.empty();
  }

  @Override
  public Optional<String> planned(MemoryChange change, boolean first) {
    if (change.action() == Action.NOTHING) {
      return Optional.empty();
    }
    Lines lines = new Lines();
    lines.add((first ? "" : "\n") + "Memory " + change.id() + ": " + text(change));
    texts(lines, text(change.before()), text(change.after()));
    field(lines, "state", change, memory -> Optional.of(memory.state()));
    field(lines, "user", change, Memory::user);
    field(lines, "app", change, Memory::app);
    field(
        lines,
        "categories",
        change,
        memory -> Optional.of(String.join(", ", memory.categories())).filter(t -> !t.isEmpty()));
    field(lines, "metadata", change, memory -> memory.metadata().filter(m -> !m.equals("{}")));
    vector(change).ifPresent(what -> lines.add("  vector: " + what));
    return Optional.of(lines.text());
  }

  private static String text(MemoryChange change) {
    return switch (change.action()) {
      case ADD -> "will be added";
      case BRING_BACK -> "is deleted, and will come back";
      case OVERWRITE -> "will be overwritten";
      case VECTOR ->
          change.vector() == VectorChange.NEW
              ? "will get a new vector"
              : "will get its vector back";
      case UNDO -> "will be as it was before";
      case NOTHING -> "is as in the backup";
      case KEEP -> "differs from the backup, and stays as it is";
      case WITHOUT_VECTOR -> "is left out: no vector of it was found";
      case DROP -> "is missing or deleted, and its vector will be removed";
      case ORPHAN -> "is missing or deleted, and its vector stays";
    };
  }

  private static List<String> text(Optional<Memory> memory) {
    return memory.map(m -> m.text().lines().map(Printable::of).toList()).orElse(List.of());
  }

  /** Lines at the beginning and at the end that are the same stand once. */
  private static void texts(Lines lines, List<String> before, List<String> after) {
    int start = 0;
    int shorter = Math.min(before.size(), after.size());
    while (start < shorter && before.get(start).equals(after.get(start))) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
      end++;
    }
    before.subList(0, start).forEach(line -> lines.add("    " + line));
    before.subList(start, before.size() - end).forEach(line -> lines.add("  - " + line));
    after.subList(start, after.size() - end).forEach(line -> lines.add("  + " + line));
    after.subList(after.size() - end, after.size()).forEach(line -> lines.add("    " + line));
  }

  private static void field(
      Lines lines, String name, MemoryChange change, Function<Memory, Optional<String>> value) {
    String before = change.before().flatMap(value).map(Printable::of).orElse(NOTHING);
    String after = change.after().flatMap(value).map(Printable::of).orElse(NOTHING);
    if (!before.equals(after)) {
      lines.add(
          change.before().isEmpty()
              ? "  " + name + ": " + after
              : "  " + name + ": " + before + " -> " + after);
    }
  }

  private static Optional<String> vector(MemoryChange change) {
    return switch (change.vector()) {
      case ADD -> Optional.of("missing, will be put there");
      case REPLACE -> Optional.of("another one, will be replaced");
      case NEW -> Optional.of("will be made by the embedder");
      case REMOVE -> Optional.of("will be removed");
      case NOTHING -> Optional.empty();
    };
  }

  @Override
  public String after(MemoryRestoreReport report, Optional<MemoryRepairReport> repair) {
    Lines lines = new Lines();
    lines.add(
        report.applied()
            ? "Changed " + memories(report.changed()) + "."
            : report.changed() == 0
                ? "Nothing to change."
                : "Would change " + memories(report.changed()) + ". Nothing was changed.");
    report.vectorsFrom().ifPresent(from -> lines.add("  vectors  read by " + from));
    report
        .newVectors()
        .ifPresent(
            made ->
                lines.add(
                    "  new      " + vectors(made.texts()) + " of " + NewVectorsText.of(made)));
    for (String left : left(report)) {
      lines.add("  " + left);
    }
    report
        .undoFile()
        .ifPresent(file -> lines.add("  undo     openmemory-backup memories undo '" + file + "'"));
    repair.ifPresent(done -> repair(lines, done));
    lines.warnings(report.warnings());
    return lines.text();
  }

  private static void repair(Lines lines, MemoryRepairReport done) {
    if (done.searched() > 0) {
      lines.add("  searched " + backups(done.searched()));
    }
    if (done.notSearched() > 0) {
      lines.add(
          "  left     "
              + (done.notSearched() == 1 ? "1 older backup" : done.notSearched() + " older backups")
              + " not searched; --search-backups N searches more");
    }
    CrossCheckText.lines(done.after()).forEach(line -> lines.add("  compared " + line));
  }

  private static String backups(int count) {
    return count == 1 ? "1 backup" : count + " backups";
  }

  private static List<String> left(MemoryRestoreReport report) {
    List<String> left = new ArrayList<>();
    long kept = report.count(Action.KEEP);
    long without = report.count(Action.WITHOUT_VECTOR);
    long orphans = report.count(Action.ORPHAN);
    long same = report.count(Action.NOTHING);
    if (kept > 0) {
      left.add("kept     " + memories(kept) + (kept == 1 ? " that differs" : " that differ"));
    }
    if (without > 0) {
      String help = report.newVectors().isEmpty() ? "; --reembed has new ones made" : "";
      left.add("left out " + memories(without) + " of which no vector was found" + help);
    }
    if (orphans > 0) {
      left.add("orphans  " + vectors(orphans) + " without memory; --drop-orphans removes them");
    }
    if (same > 0) {
      left.add("same     " + memories(same));
    }
    return left;
  }

  private static String vectors(long count) {
    return count == 1 ? "1 vector" : count + " vectors";
  }

  private static String memories(long count) {
    return count == 1 ? "1 memory" : count + " memories";
  }
}
