package dev.openmemory.backup.cli.hook;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A process and all that it has started, as far as the system still knows them as its children. */
final class ProcessTree {
  private ProcessTree() {}

  /**
   * Kills them, parents first, so that none goes on with the next step when its child ends. Each
   * one's children are asked for before it is killed, as later nobody knows whose they were.
   */
  static void kill(ProcessHandle root) {
    Set<ProcessHandle> known = new LinkedHashSet<>();
    known.add(root);
    root.descendants().forEach(known::add);
    List<ProcessHandle> next = new ArrayList<>(known);
    while (!next.isEmpty()) {
      List<ProcessHandle> found = new ArrayList<>();
      for (ProcessHandle process : next) {
        process.descendants().filter(known::add).forEach(found::add);
        process.destroyForcibly();
      }
      next = found;
    }
  }
}
