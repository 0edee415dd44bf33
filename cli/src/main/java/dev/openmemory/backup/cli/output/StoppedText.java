package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.Installation;

/** Which containers a restore stops, for the question before it. */
public final class StoppedText {
  private StoppedText() {}

  /** One line with its end; empty when no container is known. */
  public static String of(Installation installation) {
    String names =
        installation.writers().map(w -> w.options().getOrDefault("containers", "")).orElse("");
    return names.isEmpty()
        ? ""
        : "These containers will be stopped, if they run, and started again: "
            + names.replace(",", ", ")
            + ".\n";
  }
}
