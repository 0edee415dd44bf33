package dev.openmemory.backup.cli.schedule;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is to be run regularly.
 *
 * @param command program and arguments, with absolute paths
 * @param environment what the program needs beside what it finds; no secrets
 * @param home absolute
 */
public record ScheduledCommand(List<String> command, Map<String, String> environment, String home) {

  /**
   * Copies and checks.
   *
   * @throws IllegalArgumentException when something holds a line end or another control character,
   *     which none of the formats can hold on a line
   */
  public ScheduledCommand {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    Objects.requireNonNull(home);
    for (String text : command) {
      requireLine(text);
    }
    environment.values().forEach(ScheduledCommand::requireLine);
  }

  private static void requireLine(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a path or setting holds a line end or another control character");
    }
  }

  List<Map.Entry<String, String>> variables() {
    return environment.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
  }
}
