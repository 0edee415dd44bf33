package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.Installation;
import java.util.function.Consumer;

/** Which containers a restore stops, and what becomes of changes that are made until then. */
public final class StoppedText {
  private StoppedText() {}

  /** Lines with their ends, for the question before it; empty when no container is known. */
  public static String of(Installation installation, boolean discardsPrevious) {
    String names =
        installation.writers().map(w -> w.options().getOrDefault("containers", "")).orElse("");
    return names.isEmpty()
        ? ""
        : "These containers will be stopped, if they run, and started again: "
            + names.replace(",", ", ")
            + ".\n"
            + "Changes that OpenMemory makes before the first line \"Stopping\" will be replaced too"
            + (discardsPrevious
                ? ", and DELETED.\n"
                : ": only the previous data will have them.\n");
  }

  /** The same where nothing is asked. */
  public static void tell(
      Installation installation, boolean discardsPrevious, Consumer<String> note) {
    of(installation, discardsPrevious).lines().forEach(note);
  }
}
