package dev.openmemory.backup.internal.process;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process that began something that another process may have to clean up.
 *
 * @param processStart distinguishes a process from a later one with the same id; empty text where
 *     the system does not say
 */
public record Owner(Host host, long pid, String processStart, Instant since) {
  /** A run on another host cannot be asked; no backup takes that long. */
  private static final Duration FOREIGN_PATIENCE = Duration.ofDays(7);

  /** The start of no process. */
  private static final String RETIRED = "retired";

  private static final int RADIX = 36;
  private static final Pattern TEXT =
      Pattern.compile(
          "([0-9a-f]{16})_([0-9a-f]{16})?_(?:([0-9a-f]{16})_([0-9a-f]{16}))?"
              + "_([0-9a-z]{1,12})_([0-9a-z]{1,12})?_([0-9a-z]{1,7})");

  /** This one, from now on. */
  public static Owner ofThisProcess(Clock clock) {
    return of(ProcessHandle.current(), clock);
  }

  /** A process of this host, from now on. */
  static Owner of(ProcessHandle process, Clock clock) {
    return new Owner(Host.here(), process.pid(), startOf(process), clock.instant());
  }

  /** Whether the owner can no longer be at work. */
  public boolean isGone(Clock clock) {
    return isKnown() ? hasEnded() : since.plus(FOREIGN_PATIENCE).isBefore(clock.instant());
  }

  /** Whether it is known here if the owner is still at work. */
  public boolean isKnown() {
    return host.isHere() || host.wasRestarted();
  }

  /** Whether the owner, if it {@link #isKnown}, is no longer at work. */
  public boolean hasEnded() {
    return process().isEmpty();
  }

  /** The process, when it is one of this host and still at work. */
  Optional<ProcessHandle> process() {
    return host.isHere()
        ? ProcessHandle.of(pid).filter(process -> startOf(process).equals(processStart))
        : Optional.empty();
  }

  /** Whether it is this very process. */
  public boolean isThisProcess() {
    ProcessHandle process = ProcessHandle.current();
    return host.isHere() && pid == process.pid() && startOf(process).equals(processStart);
  }

  /** The same, as an owner that has stopped its work though its process may still run. */
  public Owner retired() {
    return new Owner(host, pid, RETIRED, since);
  }

  /** As {@link #fromJson} reads it. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("host", host.name());
    json.put("machine", host.machine());
    json.put("boot", host.boot());
    json.put("pid", pid);
    json.put("processStart", processStart);
    json.put("since", since.toString());
    return json;
  }

  /** The owner that a record names. */
  public static Owner fromJson(JsonObject json) throws BackupException {
    Host host = new Host(json.string("host"), optional(json, "machine"), optional(json, "boot"));
    return new Owner(host, json.size("pid"), json.string("processStart"), json.instant("since"));
  }

  /**
   * As {@link #fromText} reads it: up to 110 letters, digits and underscores, for the name of a
   * file. The host's name is a digest there.
   */
  public String toText() {
    Host there = host.inShort();
    String start = processStart.isEmpty() ? "" : number(Instant.parse(processStart).toEpochMilli());
    return String.join(
        "_",
        there.name(),
        there.machine(),
        there.boot().replace('/', '_'),
        number(pid),
        start,
        number(since.getEpochSecond()));
  }

  /** The owner that a text names; empty when it is none. */
  public static Optional<Owner> fromText(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String boot = parts.group(3) == null ? "" : parts.group(3) + "/" + parts.group(4);
    Host host = new Host(parts.group(1), Objects.requireNonNullElse(parts.group(2), ""), boot);
    String start =
        parts.group(6) == null ? "" : Instant.ofEpochMilli(number(parts.group(6))).toString();
    Instant since = Instant.ofEpochSecond(number(parts.group(7)));
    return Optional.of(new Owner(host, number(parts.group(5)), start, since));
  }

  private static String number(long number) {
    return Long.toString(number, RADIX);
  }

  private static long number(String text) {
    return Long.parseLong(text, RADIX);
  }

  @Override
  public String toString() {
    return "process " + pid + " on " + host.name() + " since " + since;
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  /** Records of earlier versions have none. */
  private static String optional(JsonObject json, String name) throws BackupException {
    return json.has(name) ? json.string(name) : "";
  }
}
