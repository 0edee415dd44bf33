package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.internal.catalog.Completeness;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The components of a backup. */
record BackupReplacement(
    StoredBackup stored, Installation installation, RestorePlan plan, RestoreRequest request)
    implements Replacement {
  @Override
  public BackupName backup() {
    return stored.summary().name();
  }

  @Override
  public List<OpenPart> parts() {
    return List.copyOf(plan.steps().keySet());
  }

  /** Empty vectors are judged by all memories of the backup, also when those stay there. */
  @Override
  public void requireFit() throws IOException {
    Collection<Component> steps = plan.steps().values();
    boolean withVectors = steps.stream().anyMatch(c -> c.component().equals(Component.VECTORS));
    Completeness data = Completeness.of(stored, withVectors ? stored.components() : steps);
    String location = stored.location();
    data.requireOwnDatabase("restore", location);
    if (withVectors && !request.allowEmptyVectors()) {
      data.requireVectors("restore", location);
    }
    new QdrantMatch(stored.run(), installation).require(steps, request.anyQdrantVersion());
  }

  @Override
  public Restoration stage(OpenPart part, String restoreId) throws IOException {
    StoredBackup.Files files = stored.files(step(part));
    return part.source().prepare(restoreId, files, stored.run().context());
  }

  @Override
  public Facts stated(OpenPart part) {
    return step(part).facts();
  }

  private Component step(OpenPart part) {
    return Objects.requireNonNull(plan.steps().get(part));
  }

  @Override
  public boolean dryRun() {
    return request.dryRun();
  }

  @Override
  public boolean discardPrevious() {
    return request.discardPrevious();
  }

  @Override
  public Optional<Reversal> reversal() {
    return Optional.of(
        new Reversal(backup(), stored.summary().created(), false, Optional.empty(), Map.of()));
  }
}
