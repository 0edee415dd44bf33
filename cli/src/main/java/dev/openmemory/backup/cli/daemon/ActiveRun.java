package dev.openmemory.backup.cli.daemon;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.JsonObject;
import java.time.Instant;
import java.util.Map;

/**
 * A run that has begun.
 *
 * @param due when it was to begin
 * @param repeats whether it is the second attempt at a run that was cut short
 */
record ActiveRun(Instant due, Instant started, boolean repeats) {

  RunRecord ended(Instant now, int exitCode) {
    return new RunRecord(due, started, now, exitCode, repeats);
  }

  Map<String, Object> toJson() {
    return Map.of("due", due.toString(), "started", started.toString(), "repeats", repeats);
  }

  static ActiveRun fromJson(JsonObject json) throws BackupException {
    return new ActiveRun(json.instant("due"), json.instant("started"), json.flag("repeats"));
  }
}
