package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.internal.catalog.BackupVerifier;
import dev.openmemory.backup.internal.catalog.Completeness;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.catalog.StoredFiles;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The components of a backup. */
record BackupReplacement(Run run, BackupSummary summary, RestorePlan plan, RestoreRequest request)
    implements Replacement {
  @Override
  public BackupName backup() {
    return summary.name();
  }

  @Override
  public List<OpenPart> parts() {
    return List.copyOf(plan.steps().keySet());
  }

  /** Empty vectors are judged by all memories of the backup, also when those stay there. */
  @Override
  public void requireFit() throws IOException {
    Collection<Component> steps = plan.steps().values();
    boolean withVectors = steps.stream().anyMatch(c -> c.component().equals("vectors"));
    Completeness data =
        Completeness.of(run, summary, withVectors ? BackupVerifier.components(summary) : steps);
    String location = run.target().location() + "/" + summary.name();
    data.requireOwnDatabase("restore", location);
    if (withVectors && !request.allowEmptyVectors()) {
      data.requireVectors("restore", location);
    }
  }

  @Override
  public Restoration stage(OpenPart part, String restoreId) throws IOException {
    StoredFiles files = new StoredFiles(run, summary, step(part));
    return part.source().prepare(restoreId, files, run.context());
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
        new Reversal(summary.name(), summary.created(), false, Optional.empty(), Map.of()));
  }
}
