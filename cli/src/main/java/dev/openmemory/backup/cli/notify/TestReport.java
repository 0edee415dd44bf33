package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.notify.Delivery.Outcome;
import dev.openmemory.backup.cli.output.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a test message.
 *
 * @param outcomes of ways that can be used
 * @param unusable settings of others
 */
public record TestReport(List<Outcome> outcomes, List<BackupException> unusable) {

  /** Whether no way is set. */
  public boolean isEmpty() {
    return outcomes.isEmpty() && unusable.isEmpty();
  }

  /** Whether each service has accepted it. */
  public boolean isGood() {
    return unusable.isEmpty() && outcomes.stream().allMatch(Outcome::arrived);
  }

  /** For people, in lines. */
  public String text() {
    Table table = new Table();
    outcomes.forEach(
        outcome ->
            table.row(
                outcome.way().name(),
                outcome.way().host(),
                outcome.trouble().map(what -> "FAILED: " + what).orElse("OK")));
    StringBuilder lines = new StringBuilder(String.join("\n", table.lines("")));
    for (BackupException problem : unusable) {
      lines.append(lines.isEmpty() ? "" : "\n").append("not used: ").append(said(problem));
    }
    return lines.toString();
  }

  private static String said(BackupException problem) {
    return problem.location() + ": " + problem.fact();
  }

  /** For programs. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("ok", isGood());
    document.put("ways", outcomes.stream().map(TestReport::document).toList());
    document.put("problems", unusable.stream().map(TestReport::said).toList());
    return Map.of("notifyTest", document);
  }

  private static Map<String, Object> document(Outcome outcome) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("way", outcome.way().name());
    document.put("host", outcome.way().host());
    document.put("ok", outcome.arrived());
    outcome.trouble().ifPresent(what -> document.put("problem", what));
    return document;
  }
}
