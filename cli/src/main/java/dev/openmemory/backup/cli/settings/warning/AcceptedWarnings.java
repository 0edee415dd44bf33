package dev.openmemory.backup.cli.settings.warning;

import dev.openmemory.backup.Warning;
import java.util.List;

/**
 * Warnings that a person knows and accepts. They are shown as ever, and do not change the exit
 * code.
 *
 * @param rules {@code CODE}, or {@code CODE=TEXT} for those with this text in their message
 */
public record AcceptedWarnings(List<String> rules) {
  /** Copies the list. */
  public AcceptedWarnings {
    rules = List.copyOf(rules);
  }

  /** The warnings that are not accepted. */
  public List<Warning> beyond(List<Warning> warnings) {
    return warnings.stream().filter(warning -> !accepts(warning)).toList();
  }

  private boolean accepts(Warning warning) {
    return rules.stream().anyMatch(rule -> accepts(rule.strip(), warning));
  }

  private static boolean accepts(String rule, Warning warning) {
    int equals = rule.indexOf('=');
    String code = equals < 0 ? rule : rule.substring(0, equals).strip();
    String text = equals < 0 ? "" : rule.substring(equals + 1).strip();
    return warning.code().equals(code) && warning.message().contains(text);
  }
}
