package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Compression.Method;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.catalog.Completeness;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.catalog.TargetFolder;
import dev.openmemory.backup.internal.compress.Zstd;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.publish.Destinations;
import dev.openmemory.backup.internal.publish.UsedTargets;
import dev.openmemory.backup.internal.putback.UnfinishedChanges;
import dev.openmemory.backup.internal.restore.Recovery;
import dev.openmemory.backup.internal.run.InstallationId;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.run.WorkFolder;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Capture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a backup: preflight, capture, publish with the manifest last. */
public record BackupCreator(Run.Settings settings) {
  public BackupReport create(
      Installation installation, BackupRequest request, List<BackupTarget> alsoTo)
      throws IOException {
    TargetFolder.requireApart(settings.store(), installation);
    for (BackupTarget target : alsoTo) {
      TargetFolder.requireApart(target, installation);
    }
    Run run = Run.writing(settings);
    return Closing.of(run, run, () -> create(run, installation, request, alsoTo));
  }

  private BackupReport create(
      Run run, Installation installation, BackupRequest request, List<BackupTarget> alsoTo)
      throws IOException {
    run.enter(Phase.PREFLIGHT, "backup");
    Path home = installation.home();
    if (!Files.isDirectory(WorkFolder.of(home))) {
      // Not a home of ours yet, and nothing is written to a folder that may be none.
      preflight(run, OpenParts.open(run, installation).select(request.only()));
    }
    HomeLock lock = HomeLock.await(run, home, "backup");
    return Closing.of(run, lock, () -> underLock(run, installation, request, alsoTo));
  }

  private BackupReport underLock(
      Run run, Installation installation, BackupRequest request, List<BackupTarget> alsoTo)
      throws IOException {
    // A restore that was killed half way has mixed two states; neither may become a backup.
    for (String done : new Recovery(installation.home(), run.clock()).run()) {
      run.tell(new BackupEvent.LeftoverHandled(done));
    }
    UnfinishedChanges.settleOrWarn(run, installation);
    if (run.compression().method() == Method.ZSTD) {
      Zstd.requireLibrary();
    }
    // Ahead of the id, which is kept in the home: a wrong folder may be taken for one.
    List<OpenPart> parts = preflight(run, OpenParts.open(run, installation).select(request.only()));
    InstallationId id = InstallationId.of(installation.home());
    id.copied().ifPresent(run::warn);
    Destinations destinations = Destinations.of(run, layered(alsoTo));
    return Closing.of(
        run,
        destinations,
        () -> {
          if (!request.newTarget()) {
            destinations.requireStillThere(new UsedTargets(installation.home(), run::warn));
          }
          destinations.prepare(id.value(), HomeLock.mark(installation.home()));
          BackupName name = chooseName(run, destinations, request);
          BackupReport made =
              new BackupAttempt(run, name, installation, request, parts, destinations).run();
          return noted(run, installation, destinations, made);
        });
  }

  /** The manifest is written, so what is warned of now is in the report alone. */
  private static BackupReport noted(
      Run run, Installation installation, Destinations destinations, BackupReport made) {
    List<Warning> late = new ArrayList<>();
    destinations.noteIn(new UsedTargets(installation.home(), late::add));
    late.removeAll(made.manifest().warnings());
    BackupReport report = made;
    for (Warning warning : late) {
      run.tell(new BackupEvent.WarningRaised(warning));
      report = report.with(warning);
    }
    return report;
  }

  public List<Warning> problems(Installation installation) throws IOException {
    List<Warning> problems = new ArrayList<>();
    Map<String, Facts> facts = new LinkedHashMap<>();
    Set<String> known = new HashSet<>();
    try (Run run = Run.reading(settings)) {
      run.enter(Phase.PREFLIGHT, "backup");
      for (OpenPart part : OpenParts.open(run, installation).select(Set.of())) {
        known.add(part.component());
        try {
          facts.put(part.component(), examine(run, part));
        } catch (IOException e) {
          problem(part, e, installation).ifPresent(problems::add);
        }
      }
    }
    Completeness data = new Completeness(facts);
    data.problem().ifPresent(what -> problems.add(new Warning(Warning.WOULD_FAIL, what)));
    if (!known.contains(Component.VECTORS)) {
      data.noStore().ifPresent(what -> problems.add(new Warning("vectors-missing", what)));
    }
    return problems;
  }

  private static Facts examine(Run run, OpenPart part) throws IOException {
    part.source().preflight(run.context());
    if (part.component().equals(Component.DATABASE)) {
      // Only a copy shows whether the pages are sound.
      try (Capture copy = part.source().capture(run.context())) {
        copy.check();
        return copy.facts();
      }
    }
    return part.source().look(run.context());
  }

  private static Optional<Warning> problem(
      OpenPart part, IOException failure, Installation installation) throws BackupException {
    Kind kind = failure instanceof BackupException known ? known.kind() : Kind.FAILED;
    if (failure instanceof BackupException cancelled && kind == Kind.CANCELLED) {
      throw cancelled;
    }
    // A backup pauses writers, and with them what holds a lock.
    if (kind == Kind.LOCKED && installation.writers().isPresent()) {
      return Optional.empty();
    }
    String code = kind == Kind.NOT_FOUND ? part.component() + "-missing" : Warning.WOULD_FAIL;
    return Optional.of(new Warning(code, String.valueOf(failure.getMessage())));
  }

  private List<BackupTarget> layered(List<BackupTarget> stores) {
    return stores.stream().map(store -> settings.withStore(store).writable()).toList();
  }

  private static BackupName chooseName(Run run, Destinations destinations, BackupRequest request)
      throws IOException {
    if (request.name().isPresent()) {
      destinations.requireFree(request.name().get());
      return request.name().get();
    }
    BackupName generated = BackupName.generated(LocalDateTime.now(run.clock()));
    BackupName name = generated;
    for (int i = 2; destinations.isTakenInAny(name); i++) {
      name = new BackupName(generated + "-" + i);
    }
    return name;
  }

  private static List<OpenPart> preflight(Run run, List<OpenPart> selected) throws IOException {
    List<OpenPart> present = new ArrayList<>();
    for (OpenPart part : selected) {
      try {
        part.source().preflight(run.context());
        present.add(part);
      } catch (BackupException e) {
        if (e.kind() != Kind.NOT_FOUND || !part.part().optional()) {
          throw e;
        }
        run.warn(new Warning(part.component() + "-missing", e.getMessage()));
      }
    }
    return present;
  }
}
