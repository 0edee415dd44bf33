package dev.openmemory.backup.cli.settings;

import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Installation.Part;
import java.util.HashMap;
import java.util.Map;

/** Whether a storage directory is read although a process has it open. */
public final class LiveStorage {
  private static final String OPTION = "allow-live";

  private LiveStorage() {}

  /** Whether the programs that have it open are among the paused writers. */
  public static boolean isOffered(Installation installation) {
    return installation.parts().stream().anyMatch(p -> p.options().containsKey(OPTION));
  }

  /** The same installation with that allowed or not. */
  public static Installation in(Installation installation, boolean allowed) {
    return new Installation(
        installation.home(),
        installation.parts().stream().map(p -> allowing(p, allowed)).toList(),
        installation.writers());
  }

  private static Part allowing(Part part, boolean allowed) {
    if (!part.type().equals("directory")) {
      return part;
    }
    Map<String, String> options = new HashMap<>(part.options());
    options.remove(OPTION);
    if (allowed) {
      options.put(OPTION, "true");
    }
    return new Part(part.type(), options, part.optional());
  }
}
