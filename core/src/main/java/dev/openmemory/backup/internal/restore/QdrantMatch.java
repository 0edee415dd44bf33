package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.qdrant.QdrantVersion;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.ReportsVersion;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/**
 * Compares the Qdrant that the files of a backup are of with the one that is going to open them.
 * Snapshots are compared by their source, as other rules hold for them.
 */
record QdrantMatch(Run run, Installation installation) {
  private static final String CODE = "qdrant-version";

  /**
   * Refuses when it is known that this server does not open files of that version.
   *
   * @param accept whether that is a warning only
   * @throws BackupException of kind {@code UNSUPPORTED}, naming the tag that does
   */
  void require(Collection<Component> components, boolean accept) throws IOException {
    Optional<String> made =
        components.stream()
            .filter(c -> c.component().equals(Component.VECTORS))
            .filter(c -> !c.type().equals("qdrant-snapshot"))
            .map(Component::facts)
            .findFirst()
            .flatMap(QdrantMatch::version);
    if (made.isEmpty() || installation.writers().isEmpty()) {
      return;
    }
    try (WriterControl control = run.writers().open(installation.writers().get())) {
      if (control instanceof ReportsVersion here) {
        compare(made.get(), here, accept);
      }
    }
  }

  private void compare(String made, ReportsVersion server, boolean accept) throws IOException {
    Optional<QdrantVersion> files = QdrantVersion.parse(made);
    Optional<String> found = server.storeVersion(run.context().cancellation());
    Optional<QdrantVersion> here = found.flatMap(QdrantVersion::parse);
    if (files.isEmpty()) {
      return;
    }
    if (here.isEmpty()) {
      server
          .storeLocation()
          .ifPresent(
              where ->
                  run.warn(
                      new Warning(
                          CODE,
                          "The vectors are of Qdrant "
                              + made
                              + ", and the version in "
                              + where
                              + " is unknown. "
                              + remedy(files.get()))));
      return;
    }
    if (here.get().readsFilesOf(files.get())) {
      return;
    }
    String fact =
        "the vectors are of Qdrant "
            + made
            + ", and this installation has "
            + found.get()
            + ", which may not open them. "
            + remedy(files.get());
    if (!accept) {
      throw Kind.UNSUPPORTED.failure("restore vectors", installation.home().toString(), fact);
    }
    run.warn(new Warning(CODE, fact));
  }

  private static String remedy(QdrantVersion made) {
    return "Use the image tag v" + made.major() + "." + made.minor() + "." + made.patch();
  }

  /** As Qdrant said, or by the image that its container was made of. */
  private static Optional<String> version(Facts facts) {
    return facts
        .text("qdrantVersion")
        .or(() -> facts.text("image").flatMap(QdrantVersion::ofImage));
  }
}
