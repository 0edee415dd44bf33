package dev.openmemory.backup.cli.hook;

import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.notify.NewBackup;
import dev.openmemory.backup.cli.output.ExitCodes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is known of a run so far, for hooks and pings. Used by one thread. Members are texts and
 * numbers, none of them secret.
 */
public final class RunFacts {
  /** Ours are read as settings by a run that a hook starts. */
  private static final String PREFIX = "OMB_";

  private static final String NAME = "name";

  private final Map<String, Object> facts = new LinkedHashMap<>();
  private long storedBytes;
  private int warnings;

  public RunFacts(String command) {
    facts.put("command", command);
  }

  /** The backup that is to be made. */
  public void named(String name) {
    facts.put(NAME, name);
  }

  /**
   * A backup was made. Of several, bytes and warnings add up, and name and place are the last.
   *
   * @param noticed warnings that are not of the manifest
   */
  public void made(BackupReport report, List<Warning> noticed) {
    named(report.manifest().name());
    facts.put("location", report.location());
    storedBytes += report.manifest().storedBytes();
    warnings += report.manifest().warnings().size() + noticed.size();
    facts.put("storedBytes", storedBytes);
    facts.put("warnings", warnings);
    if (!report.isEverywhere()) {
      facts.put("missedTargets", report.missed().size());
    }
  }

  /** The run is over. */
  void ended(int exitCode) {
    facts.put("outcome", ExitCodes.outcome(exitCode));
    facts.put("exitCode", exitCode);
  }

  /** The backup that was made; only of a run that succeeded. */
  NewBackup newBackup(Instant at) {
    return new NewBackup(String.valueOf(facts.get(NAME)), at, storedBytes);
  }

  /** {@code OMB_STORED_BYTES} for {@code storedBytes}, and so on. */
  public Map<String, String> variables(String event) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put(PREFIX + "EVENT", event);
    facts.forEach(
        (name, value) ->
            variables.put(
                PREFIX + name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT),
                value.toString()));
    return variables;
  }

  /** For a service elsewhere: without the place of the backup. */
  Map<String, Object> forPing(String event) {
    Map<String, Object> ping = new LinkedHashMap<>();
    ping.put("event", event);
    ping.putAll(facts);
    ping.remove("location");
    return ping;
  }
}
