package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.CrossCheck.Difference;
import java.util.ArrayList;
import java.util.List;

/** A {@link CrossCheck} for people. */
public final class CrossCheckText {
  private CrossCheckText() {}

  /** What was compared first, then one line for each difference, then the users if several. */
  public static List<String> lines(CrossCheck result) {
    List<String> lines = new ArrayList<>();
    lines.add(
        result.matched()
            + " of "
            + result.memories()
            + " memories have their vector in "
            + result.collection()
            + ", which has "
            + result.points()
            + " points (compared by id"
            + (result.otherText().isPresent() ? " and text" : "")
            + (result.oneInstant() ? ")" : ", read at different times)"));
    difference(lines, "memory without vector", "memories without vector", result.withoutVector());
    difference(lines, "point without memory", "points without memory", result.withoutMemory());
    difference(
        lines, "point of a deleted memory", "points of deleted memories", result.ofDeleted());
    result
        .otherText()
        .ifPresent(
            found ->
                difference(
                    lines,
                    "memory with another text in its point",
                    "memories with another text in their point",
                    found));
    if (result.users().size() > 1) {
      lines.addAll(users(result));
    }
    return lines;
  }

  private static void difference(
      List<String> lines, String one, String more, Difference difference) {
    if (difference.count() > 0) {
      String what = difference.count() == 1 ? one : more;
      lines.add(difference.count() + " " + what + ": " + difference.named());
    }
  }

  private static List<String> users(CrossCheck result) {
    Table table = new Table();
    table.row("USER", "MATCHED", "WITHOUT VECTOR", "WITHOUT MEMORY", "OF DELETED");
    result
        .users()
        .forEach(
            (name, user) ->
                table.row(
                    name.isEmpty() ? "(no user)" : name,
                    String.valueOf(user.matched()),
                    String.valueOf(user.withoutVector()),
                    String.valueOf(user.withoutMemory()),
                    String.valueOf(user.ofDeleted())));
    return table.lines("");
  }
}
