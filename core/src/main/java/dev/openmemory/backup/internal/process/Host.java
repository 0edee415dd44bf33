package dev.openmemory.backup.internal.process;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where process ids mean something. A name alone does not say: two hosts may have the same, and
 * containers have process ids of their own.
 *
 * @param name for people
 * @param machine stays the same through restarts; empty where the system does not say
 * @param boot of the running system, with its namespace of process ids; empty as above
 */
public record Host(String name, String machine, String boot) {
  private static final int RADIX = 36;
  private static final BigInteger SHORT = BigInteger.valueOf(RADIX).pow(8);
  private static final Host HERE = new Host(nameOfThis(), machineOfThis(), bootOfThis());
  private static final Host HERE_IN_SHORT = HERE.inShort();

  /** The one that this process runs on. */
  public static Host here() {
    return HERE;
  }

  /** Whether process ids of there are process ids of here. */
  public boolean isHere() {
    return isSameAs(HERE) || isSameAs(HERE_IN_SHORT);
  }

  /**
   * A host can be renamed while processes run, so the name counts only where no boot id is known.
   */
  private boolean isSameAs(Host here) {
    return boot.isEmpty() ? name.equals(here.name) : boot.equals(here.boot);
  }

  /**
   * Whether a lock of the operating system that is taken there is seen here: on one kernel it is,
   * also between containers.
   */
  public boolean sharesLocks() {
    return sharesLocks(HERE) || sharesLocks(HERE_IN_SHORT);
  }

  private boolean sharesLocks(Host here) {
    return boot.isEmpty() ? name.equals(here.name) : system(boot).equals(system(here.boot));
  }

  /** The same with digests for its parts, where there is little room; understood like this one. */
  Host inShort() {
    String system = system(boot);
    String shortBoot =
        boot.isEmpty() ? "" : inShort(system) + "/" + inShort(boot.substring(system.length()));
    return new Host(inShort(name), machine.isEmpty() ? "" : inShort(machine), shortBoot);
  }

  /** Eight letters and digits. */
  private static String inShort(String text) {
    String digits = new BigInteger(digest(text), 16).mod(SHORT).toString(RADIX);
    return "0".repeat(8 - digits.length()) + digits;
  }

  /** Whether all processes of there have ended, because this host was started again since. */
  public boolean wasRestarted() {
    return wasRestarted(HERE) || wasRestarted(HERE_IN_SHORT);
  }

  boolean wasRestarted(Host here) {
    String system = system(boot);
    return name.equals(here.name)
        && !machine.isEmpty()
        && machine.equals(here.machine)
        && !system.isEmpty()
        && !system.equals(system(here.boot));
  }

  private static String system(String boot) {
    return boot.replaceFirst("/.*", "");
  }

  private static String nameOfThis() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** Hashed, for machine-id(5) wants it kept confidential. */
  private static String machineOfThis() {
    String id = text(Path.of("/etc/machine-id"));
    return id.isEmpty() ? "" : digest("openmemory-backup " + id);
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String bootOfThis() {
    String boot = text(Path.of("/proc/sys/kernel/random/boot_id"));
    try {
      return boot.isEmpty()
          ? ""
          : boot + "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return boot;
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
