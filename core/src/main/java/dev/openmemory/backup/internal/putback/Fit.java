package dev.openmemory.backup.internal.putback;

import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.drill.PointSpool;
import dev.openmemory.backup.internal.qdrant.VectorSettings;
import dev.openmemory.backup.internal.qdrant.server.WholePoints;
import java.io.IOException;
import java.util.Optional;

/**
 * Lets only vectors pass that a collection takes.
 *
 * @param place of the collection, for messages
 */
record Fit(VectorSettings wanted, String place) implements PointSpool.Check {
  static final String OPERATION = "compare vectors";

  static Fit into(WholePoints points) throws IOException {
    return new Fit(points.settings(), points.location());
  }

  @Override
  public void settings(VectorSettings settings) throws IOException {
    Optional<String> misfit = settings.misfit(wanted);
    if (misfit.isPresent()) {
      throw Kind.INCONSISTENT.failure(
          OPERATION, place, "the backup is of another embedder: its " + misfit.get());
    }
  }
}
