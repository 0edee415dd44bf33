package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.LockInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Locks of runs, for people and for programs. */
public final class LockText {
  private LockText() {}

  public static List<String> lines(List<LockInfo> removed, List<LockInfo> left) {
    List<String> lines = new ArrayList<>();
    removed.forEach(lock -> lines.add("Removed the lock of a " + line(lock)));
    left.forEach(lock -> lines.add("Active: " + line(lock)));
    if (lines.isEmpty()) {
      lines.add("No locks.");
    }
    return lines;
  }

  public static String line(LockInfo lock) {
    return lock.work() + " by " + lock.owner() + ", last seen " + lock.beat();
  }

  public static Map<String, Object> document(List<LockInfo> removed, List<LockInfo> left) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("removed", removed.stream().map(LockText::document).toList());
    document.put("left", left.stream().map(LockText::document).toList());
    return document;
  }

  private static Map<String, Object> document(LockInfo lock) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("installationId", lock.installationId());
    document.put("work", lock.work());
    document.put("owner", lock.owner());
    document.put("beat", lock.beat().toString());
    document.put("live", lock.live());
    return document;
  }
}
