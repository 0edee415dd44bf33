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
 * The process that began something which another process may have to clean up.
 *
 * @param processStart distinguishes a process from a later one with the same id; empty text where
 *     the system does not say
 * @param startTicks the same since the start of the system, which no change of the clock moves;
 *     empty text where the system does not say, and in records of earlier versions
 * @param locked whether it had the home's lock from the operating system, which is free when it
 *     ends
 */
public record Owner(
    Host host, long pid, String processStart, String startTicks, Instant since, boolean locked) {
  /** A run on another host cannot be asked; no backup takes that long. */
  private static final Duration FOREIGN_PATIENCE = Duration.ofDays(7);

  /** The start of no process. */
  private static final String RETIRED = "retired";

  private static final int RADIX = 36;
  private static final Pattern TEXT =
      Pattern.compile(
          "([0-9a-z]{8})_([0-9a-z]{8})?_(?:([0-9a-z]{8})_([0-9a-z]{8}))?"
              + "_([0-9a-z]{1,12})_([0-9a-z]{1,12})?_([0-9a-z]{1,7})(?:_([0-9a-z]{1,12}))?");

  /** Read once: the system computes the start from the clock, which may be set meanwhile. */
  private static final Owner THIS = of(ProcessHandle.current(), Clock.systemUTC());

  /** As earlier versions noted it. */
  public Owner(Host host, long pid, String processStart, Instant since) {
    this(host, pid, processStart, "", since, false);
  }

  /** This one, from now on. */
  public static Owner ofThisProcess(Clock clock) {
    return new Owner(
        THIS.host, THIS.pid, THIS.processStart, THIS.startTicks, clock.instant(), false);
  }

  /** A process of this host, from now on. */
  static Owner of(ProcessHandle process, Clock clock) {
    return new Owner(
        Host.here(),
        process.pid(),
        startOf(process),
        StartTicks.of(process.pid()),
        clock.instant(),
        false);
  }

  /** Whether the owner can no longer be at work. */
  public boolean isGone(Clock clock) {
    return isKnown() ? hasEnded() : since.plus(FOREIGN_PATIENCE).isBefore(clock.instant());
  }

  /** Whether it is known here if the owner is still at work. */
  public boolean isKnown() {
    return host.isHere() || host.wasRestarted();
  }

  /** Whether the owner, which {@link #isKnown}, is no longer at work. */
  public boolean hasEnded() {
    return process().isEmpty();
  }

  /** The process, when it is one of this host and still at work. */
  Optional<ProcessHandle> process() {
    return host.isHere() ? ProcessHandle.of(pid).filter(this::isStartOf) : Optional.empty();
  }

  /** On Linux the start as a time is computed from the clock, and moves with it. */
  private boolean isStartOf(ProcessHandle process) {
    if (startTicks.isEmpty()) {
      return startOf(process).equals(processStart);
    }
    String ticks = StartTicks.of(process.pid());
    return ticks.isEmpty() || ticks.equals(startTicks);
  }

  /** Whether it is this very process. */
  public boolean isThisProcess() {
    ProcessHandle process = ProcessHandle.current();
    return host.isHere() && pid == process.pid() && isStartOf(process);
  }

  /** The same, as one that has stopped its work though its process may go on. */
  public Owner retired() {
    return new Owner(host, pid, RETIRED, "", since, locked);
  }

  /** The same, as one that has the home's lock from the operating system. */
  public Owner withLock() {
    return new Owner(host, pid, processStart, startTicks, since, true);
  }

  /** As {@link #fromJson} reads it. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("host", host.name());
    json.put("machine", host.machine());
    json.put("boot", host.boot());
    json.put("pid", pid);
    json.put("processStart", processStart);
    if (!startTicks.isEmpty()) {
      json.put("startTicks", startTicks);
    }
    json.put("since", since.toString());
    if (locked) {
      json.put("locked", true);
    }
    return json;
  }

  /** The owner that a record names. */
  public static Owner fromJson(JsonObject json) throws BackupException {
    Host host = new Host(json.string("host"), optional(json, "machine"), optional(json, "boot"));
    return new Owner(
        host,
        json.size("pid"),
        json.string("processStart"),
        optional(json, "startTicks"),
        json.instant("since"),
        json.has("locked") && json.flag("locked"));
  }

  /**
   * As {@link #fromText} reads it: up to 62 letters, digits and underscores, for the name of a
   * file. The host's name is a digest there; of the two starts of the process there is one.
   */
  public String toText() {
    Host there = host.inShort();
    boolean dated = startTicks.isEmpty() && !processStart.isEmpty();
    String start = !dated ? "" : number(Instant.parse(processStart).toEpochMilli());
    String text =
        String.join(
            "_",
            there.name(),
            there.machine(),
            there.boot().replace('/', '_'),
            number(pid),
            start,
            number(since.getEpochSecond()));
    return startTicks.isEmpty() ? text : text + "_" + number(Long.parseLong(startTicks));
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
    String ticks = parts.group(8) == null ? "" : Long.toString(number(parts.group(8)));
    return Optional.of(new Owner(host, number(parts.group(5)), start, ticks, since, false));
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
