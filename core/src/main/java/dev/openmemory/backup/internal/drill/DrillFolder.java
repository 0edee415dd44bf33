package dev.openmemory.backup.internal.drill;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.RestoreRequest;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.Completeness;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.catalog.StatedFacts;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.qdrant.StorageDirectory;
import dev.openmemory.backup.internal.restore.RestoreAttempt;
import dev.openmemory.backup.internal.restore.RestorePlan;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.DatabaseCheck;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.TrialFolders;
import dev.openmemory.backup.verify.VerifyReport.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a drill restores to: below the temporary folder of its run, which goes with it, or is
 * removed by the next run on this host when this one is killed.
 */
record DrillFolder(Run run, Path root, Path home, TrialFolders trialFolders) {
  /** Snapshots of collections, to be taken in by a Qdrant that serves. */
  private static final String SNAPSHOTS = "qdrant-snapshot";

  private static final Set<String> WITH_A_PLACE =
      Set.of(Component.DATABASE, Component.CONFIG, Component.VECTORS);
  private static final Set<Kind> OF_THE_BACKUP =
      Set.of(Kind.CORRUPT, Kind.NOT_FOUND, Kind.UNSUPPORTED, Kind.INCONSISTENT, Kind.INVALID);

  static DrillFolder create(Run run) throws IOException {
    Path root = run.context().scratch().resolve("drill");
    Path home = root.resolve("restored");
    TrialFolders folders =
        new TrialFolders(
            home.resolve("qdrant-storage"), root.resolve("snapshots"), root.resolve("temporary"));
    try {
      for (Path folder :
          List.of(root, home, folders.storage(), folders.snapshots(), folders.temporary())) {
        Disk.createPrivateDirectory(folder);
      }
      return new DrillFolder(run, root, home, folders);
    } catch (IOException e) {
      throw FileFailure.of("create temporary directory", root, e);
    }
  }

  /**
   * Restores all that has a place; of the rest every byte is read.
   *
   * @return the components that were restored
   */
  List<String> restore(BackupSummary summary, List<Component> components) throws IOException {
    Set<String> only =
        components.stream()
            .map(Component::component)
            .filter(WITH_A_PLACE::contains)
            .collect(Collectors.toSet());
    for (Component component : components) {
      if (!only.contains(component.component())) {
        readOnly(summary, component);
      }
    }
    if (only.isEmpty()) {
      return List.of();
    }
    Installation installation = installation(components);
    RestoreRequest request = request(summary, only);
    RestorePlan plan = RestorePlan.make(summary, OpenParts.open(run, installation), request);
    return new RestoreAttempt(run, installation, summary, plan, request).run().components();
  }

  private static RestoreRequest request(BackupSummary summary, Set<String> only) {
    RestoreRequest request =
        RestoreRequest.STANDARD.withOnly(only).acceptingMismatch().discardingPrevious();
    boolean asStated =
        summary.manifest().filter(m -> Completeness.of(m).problem().isEmpty()).isPresent();
    return asStated ? request.allowingEmptyVectors() : request;
  }

  private void readOnly(BackupSummary summary, Component component) throws IOException {
    new StoredBackup(run, summary).files(component).drain();
    run.warn(
        new Warning(
            "not-restored",
            component.component()
                + " was read to its end, but there is no place to restore it to"));
  }

  private Installation installation(List<Component> components) {
    return isOfSnapshots(components)
        ? Installation.inFolderWithSnapshots(home)
        : Installation.inFolder(home);
  }

  private static boolean isOfSnapshots(List<Component> components) {
    return components.stream()
        .anyMatch(c -> c.component().equals(Component.VECTORS) && c.type().equals(SNAPSHOTS));
  }

  private Path snapshotFolder() {
    return home.resolve("qdrant-snapshots");
  }

  private Optional<Path> database() {
    Path file = home.resolve("api").resolve("openmemory.db");
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  /** In what the restored files differ from what the manifest says of them. */
  List<Problem> differences(List<Component> components) throws IOException {
    List<Problem> problems = new ArrayList<>();
    for (Component component : components) {
      if (component.component().equals(Component.DATABASE) && database().isPresent()) {
        Path file = database().get();
        Facts found = DatabaseCheck.run(file, file.toString(), run.context().cancellation());
        problems.addAll(StatedFacts.differences(component, found));
      } else if (component.component().equals(Component.VECTORS) && !isOfSnapshots(components)) {
        problems.addAll(StatedFacts.differences(component, storageFacts()));
      }
    }
    return problems;
  }

  private Facts storageFacts() throws IOException {
    try (Capture storage =
        new StorageDirectory(trialFolders.storage()).capture(run.context(), Map.of())) {
      return storage.facts();
    }
  }

  /** What a Qdrant that is started on it has to show. */
  Expected expected(BackupSummary summary, List<Component> components) throws IOException {
    Component vectors =
        components.stream()
            .filter(c -> c.component().equals(Component.VECTORS))
            .findFirst()
            .orElseThrow();
    boolean ofSnapshots = isOfSnapshots(components);
    // Without a manifest only the files tell.
    Facts stated = summary.manifest().isEmpty() ? storageFacts() : vectors.facts();
    return new Expected(
        stated.texts("collections"),
        vectors.facts(),
        database(),
        ofSnapshots ? snapshots(summary.manifest().orElseThrow(), vectors) : Map.of());
  }

  private Map<String, Expected.Snapshot> snapshots(Manifest manifest, Component vectors)
      throws BackupException {
    Map<String, Expected.Snapshot> snapshots = new TreeMap<>();
    for (String collection : vectors.facts().texts("collections")) {
      List<String> names = vectors.facts().texts("snapshots", collection);
      StoredFile stored =
          manifest.files().stream()
              .filter(f -> names.contains(f.plainName()))
              .findFirst()
              .orElseThrow(() -> noSnapshot(collection));
      Path file = snapshotFolder().resolve(stored.plainName());
      snapshots.put(collection, new Expected.Snapshot(file, stored.plain().sha256()));
    }
    return snapshots;
  }

  private static BackupException noSnapshot(String collection) {
    return new BackupException(
        Kind.CORRUPT, "read manifest", "", "it names no snapshot of collection " + collection);
  }

  /**
   * What a failed restore says of the backup.
   *
   * @throws BackupException when it says nothing of it: the disk is full, it was cancelled ...
   */
  static String problem(BackupException failure) throws BackupException {
    BackupException first = failure;
    if (failure.kind() == Kind.ROLLED_BACK && failure.getCause() instanceof BackupException below) {
      first = below;
    }
    if (!OF_THE_BACKUP.contains(first.kind())) {
      throw first;
    }
    return first.getMessage();
  }
}
