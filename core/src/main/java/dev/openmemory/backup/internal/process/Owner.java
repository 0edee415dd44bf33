package dev.openmemory.backup.internal.process;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.JsonObject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who began something that may have to be cleaned up by another process.
 *
 * @param processStart tells a process from a later one with the same id; empty text where the
 *     system does not say
 */
public record Owner(String host, long pid, String processStart, Instant since) {
  /** A run on another host cannot be asked; no backup takes that long. */
  private static final Duration FOREIGN_PATIENCE = Duration.ofDays(7);

  /** The start of no process. */
  private static final String RETIRED = "retired";

  /** This one, from now on. */
  public static Owner ofThisProcess(Clock clock) {
    ProcessHandle process = ProcessHandle.current();
    return new Owner(thisHost(), process.pid(), startOf(process), clock.instant());
  }

  /** Whether the owner can no longer be at work. */
  public boolean isGone(Clock clock) {
    if (!host.equals(thisHost())) {
      return since.plus(FOREIGN_PATIENCE).isBefore(clock.instant());
    }
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    return process.isEmpty() || !startOf(process.get()).equals(processStart);
  }

  /** The same, as one who has stopped its work though its process may go on. */
  public Owner retired() {
    return new Owner(host, pid, RETIRED, since);
  }

  /** As {@link #fromJson} reads it. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("host", host);
    json.put("pid", pid);
    json.put("processStart", processStart);
    json.put("since", since.toString());
    return json;
  }

  /** The owner that a record names. */
  public static Owner fromJson(JsonObject json) throws BackupException {
    return new Owner(
        json.string("host"), json.size("pid"), json.string("processStart"), json.instant("since"));
  }

  @Override
  public String toString() {
    return "process " + pid + " on " + host + " since " + since;
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
