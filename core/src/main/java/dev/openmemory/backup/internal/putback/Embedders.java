package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which embedder made the vectors of a backup, and which one OpenMemory asks now. Vectors of two
 * embedders say nothing to each other, also when they have the same length.
 *
 * @param database what is known of the database of the backup
 */
record Embedders(StoredBackup backup, Facts database) {
  /**
   * Compares them, where both are known.
   *
   * @throws BackupException of kind {@code INCONSISTENT} when they differ
   */
  void requireSame(Facts presentDatabase, Facts presentSettings) throws BackupException {
    Facts settings = backup.component(Component.CONFIG).map(Component::facts).orElse(Facts.NONE);
    Optional<String> then = of(database, settings);
    Optional<String> now = of(presentDatabase, presentSettings);
    if (then.isPresent() && now.isPresent() && !then.equals(now)) {
      throw Kind.INCONSISTENT.failure(
          "compare embedders",
          backup.location(),
          "the vectors of the backup are of the embedder "
              + then.get()
              + ", and OpenMemory uses "
              + now.get()
              + " now");
    }
  }

  /** What the web interface has set counts before the file. */
  private static Optional<String> of(Facts database, Facts settings) {
    return name(database, "settings", "providers", "embedder")
        .or(() -> name(settings, "providers", "embedder"));
  }

  private static Optional<String> name(Facts facts, String... path) {
    Optional<String> model = facts.text(below(path, "model"));
    Optional<String> provider = facts.text(below(path, "provider"));
    return model.map(name -> provider.map(of -> of + "/" + name).orElse(name));
  }

  private static String[] below(String[] path, String name) {
    String[] longer = Arrays.copyOf(path, path.length + 1);
    longer[path.length] = name;
    return longer;
  }
}
