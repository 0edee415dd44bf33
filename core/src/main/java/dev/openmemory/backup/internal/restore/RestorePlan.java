package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which component of a backup goes to which part of an installation.
 *
 * @param steps in the order of the backup
 */
public record RestorePlan(Map<OpenPart, Component> steps) {

  public static RestorePlan make(BackupSummary summary, OpenParts parts, RestoreRequest request)
      throws BackupException {
    List<Component> available = StoredBackup.components(summary);
    Set<String> missing = new TreeSet<>(request.only());
    available.forEach(c -> missing.remove(c.component()));
    if (!missing.isEmpty()) {
      throw Kind.NOT_FOUND.failure(
          "restore", summary.name().value(), "the backup has no " + missing);
    }
    Map<OpenPart, Component> steps = new LinkedHashMap<>();
    for (Component component : available) {
      if (request.only().isEmpty() || request.only().contains(component.component())) {
        OpenPart part =
            parts
                .find(component.component())
                .orElseThrow(
                    () ->
                        Kind.INVALID.failure(
                            "restore",
                            summary.name().value(),
                            "the backup has "
                                + component.component()
                                + ", and no place for it was named"));
        steps.put(part, component);
      }
    }
    if (!request.acceptMismatch()) {
      refuseMismatch(summary, steps);
    }
    return new RestorePlan(steps);
  }

  /**
   * Rows and vectors make sense only together; one of them beside the other's present state is a
   * mismatch.
   */
  private static void refuseMismatch(BackupSummary summary, Map<OpenPart, Component> steps)
      throws BackupException {
    Set<String> restored =
        steps.values().stream().map(Component::component).collect(Collectors.toSet());
    boolean withDatabase = restored.contains(Component.DATABASE);
    if (withDatabase != restored.contains(Component.VECTORS)) {
      String present = withDatabase ? Component.DATABASE : Component.VECTORS;
      String absent = withDatabase ? Component.VECTORS : Component.DATABASE;
      boolean lacking = summary.manifest().filter(m -> m.component(absent).isEmpty()).isPresent();
      throw Kind.INVALID.failure(
          "restore",
          summary.name().value(),
          (lacking ? "This backup has no " + absent + ". " : "")
              + "Restoring only the "
              + present
              + " would not match the current "
              + absent
              + ".");
    }
  }
}
