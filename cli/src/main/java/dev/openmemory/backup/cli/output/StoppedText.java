package dev.openmemory.backup.cli.output;

import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Writers;
import dev.openmemory.backup.Manifest.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Which containers a restore stops, and what becomes of changes that are made until then. */
public final class StoppedText {
  private StoppedText() {}

  /**
   * Lines with their ends, for the question before it; empty when no container is known.
   *
   * @param components that it replaces; empty for all
   */
  public static String of(
      Installation installation, Set<String> components, boolean discardsPrevious) {
    String names = installation.writers().map(w -> names(w, components)).orElse("");
    return names.isEmpty()
        ? ""
        : "These containers will be stopped, if they run, and started again: "
            + names
            + ".\n"
            + "Changes that OpenMemory makes before the first line \"Stopping\" will be replaced too"
            + (discardsPrevious
                ? ", and DELETED.\n"
                : ": only the previous data will have them.\n");
  }

  /** Qdrant runs on while its data stays. */
  private static String names(Writers writers, Set<String> components) {
    List<String> names = new ArrayList<>();
    for (String name : writers.options().getOrDefault("containers", "").split(",", -1)) {
      boolean isStore = name.equals(writers.options().get("store"));
      if (!isStore || components.isEmpty() || components.contains(Component.VECTORS)) {
        names.add(name);
      }
    }
    return String.join(", ", names);
  }

  /** The same where nothing is asked. */
  public static void tell(
      Installation installation,
      Set<String> components,
      boolean discardsPrevious,
      Consumer<String> note) {
    of(installation, components, discardsPrevious).lines().forEach(note);
  }
}
