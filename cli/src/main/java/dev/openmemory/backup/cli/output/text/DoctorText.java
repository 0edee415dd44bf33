package dev.openmemory.backup.cli.output.text;

import dev.openmemory.backup.cli.output.CrossCheckText;
import dev.openmemory.backup.cli.output.Examination;
import dev.openmemory.backup.cli.output.SetAsideText;
import dev.openmemory.backup.cli.output.Table;
import dev.openmemory.backup.cli.output.TargetCheck;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.docker.Discovery.Finding;
import dev.openmemory.backup.undo.SetAside;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** An {@link Examination} for people. */
final class DoctorText {
  private static final String INDENT = "    ";

  private DoctorText() {}

  static List<String> lines(Examination examination, ZoneId zone) {
    Discovery found = examination.found();
    List<String> lines = new ArrayList<>();
    lines.add("OpenMemory in " + examination.home());
    found
        .engine()
        .ifPresent(
            e -> {
              lines.add("  engine");
              lines.add(INDENT + e.version() + " at " + e.endpoint());
              lines.add(INDENT + "found by " + e.why());
            });
    examination
        .notAsked()
        .ifPresent(
            why -> {
              lines.add("  engine");
              lines.add(INDENT + "not reached: " + why);
            });
    containers(lines, found);
    found.findings().forEach(f -> finding(lines, f));
    examination.crossCheck().ifPresent(result -> block(lines, CrossCheckText.lines(result)));
    examination.notCompared().ifPresent(why -> block(lines, List.of("not compared: " + why)));
    examination.targets().forEach(target -> target(lines, target));
    setAside(lines, examination.setAside(), zone);
    examination
        .recovered()
        .forEach(done -> lines.add("  cleaned up after an earlier run: " + done));
    examination
        .warnings()
        .forEach(w -> lines.add("  warning: " + w.message() + " [" + w.code() + "]"));
    lines.add(examination.warnings().isEmpty() ? "No problems found" : "See the warnings above");
    return lines;
  }

  private static void containers(List<String> lines, Discovery found) {
    if (found.containers().isEmpty()) {
      return;
    }
    Table table = new Table();
    found.containers().forEach(c -> table.row(c.name(), c.role(), c.state(), c.image()));
    lines.add("  containers");
    lines.addAll(table.lines(INDENT));
  }

  private static void target(List<String> lines, TargetCheck target) {
    lines.add("  backups");
    lines.add(INDENT + target.location());
    String count = target.backups().map(DoctorText::count).orElse("not reached");
    lines.add(INDENT + (target.isNew() ? "not there yet: the first backup makes it" : count));
    target.removed().forEach(done -> lines.add(INDENT + done));
  }

  private static void setAside(List<String> lines, List<SetAside> all, ZoneId zone) {
    if (all.isEmpty()) {
      return;
    }
    lines.add("  previous data, saved by restores and changes of memories");
    lines.add(INDENT + SetAsideText.total(all));
    lines.addAll(SetAsideText.lines(all, zone, INDENT));
    lines.add(INDENT + "To delete it: openmemory-backup cleanup");
  }

  private static void block(List<String> lines, List<String> compared) {
    lines.add("  memories and vectors");
    compared.forEach(line -> lines.add(INDENT + line));
  }

  private static String count(int backups) {
    return backups == 1 ? "1 backup" : backups + " backups";
  }

  private static void finding(List<String> lines, Finding finding) {
    lines.add("  " + finding.subject());
    lines.add(INDENT + finding.place());
    lines.add(INDENT + finding.why());
  }
}
