package dev.openmemory.backup.cli.daemon;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.internal.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run that has ended.
 *
 * @param due when it was to begin
 * @param exitCode of the command
 * @param repeats whether it is the second attempt at a run that was cut short
 */
record RunRecord(Instant due, Instant started, Instant ended, int exitCode, boolean repeats) {

  boolean succeeded() {
    return exitCode == ExitCodes.OK || exitCode == ExitCodes.WARNINGS;
  }

  /** Whether the process was to end meanwhile, or did end. */
  boolean wasCutShort() {
    return exitCode == ExitCodes.CANCELLED;
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("due", due.toString());
    json.put("started", started.toString());
    json.put("ended", ended.toString());
    json.put("outcome", ExitCodes.outcome(exitCode));
    json.put("exitCode", exitCode);
    json.put("repeats", repeats);
    return json;
  }

  static RunRecord fromJson(JsonObject json) throws BackupException {
    return new RunRecord(
        json.instant("due"),
        json.instant("started"),
        json.instant("ended"),
        (int) json.size("exitCode"),
        json.flag("repeats"));
  }
}
