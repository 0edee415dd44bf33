package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.settings.EngineOptions;
import dev.openmemory.backup.cli.settings.OpenTargets.OpenTarget;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.drill.DrillReport.Outcome;
import dev.openmemory.backup.drill.DrillRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Has Qdrant's storage engine open the new backup in each target that got it. */
record ProveAfterBackup(Session session, EngineOptions engine, When when) {
  /** What is restored and read in some seconds. */
  private static final long SMALL_BYTES = 256L << 20;

  private static final Set<Kind> NO_ENGINE = Set.of(Kind.NOT_FOUND, Kind.UNSUPPORTED, Kind.NO_KEY);

  /** Values of {@code --prove}. */
  enum When {
    /** If the engine is there and the backup is small. */
    AUTO,
    YES,
    NO
  }

  /**
   * Proves. The backup is made: what goes wrong now is a warning.
   *
   * @param noticed gets those warnings
   * @return the tests that passed, one for each target
   */
  List<DrillReport> in(List<OpenTarget> targets, BackupReport made, List<Warning> noticed)
      throws IOException {
    List<DrillReport> proven = new ArrayList<>();
    boolean small = made.manifest().storedBytes() <= SMALL_BYTES;
    boolean wanted = when == When.YES || (when == When.AUTO && small);
    if (!wanted || made.manifest().component(Component.VECTORS).isEmpty()) {
      return proven;
    }
    Optional<Path> python = engine.python(session);
    if (python.isEmpty()) {
      return warnNotProven(
          noticed, "no python3 is on the PATH; name one with --engine-python", proven);
    }
    DrillRequest request = DrillRequest.STANDARD.withEngine(python.get(), true);
    for (OpenTarget target : targets) {
      String place = target.target().location() + "/" + made.manifest().name();
      if (made.locations().contains(place)) {
        prove(target, new BackupName(made.manifest().name()), request, noticed)
            .ifPresent(proven::add);
      }
    }
    return proven;
  }

  private List<DrillReport> warnNotProven(
      List<Warning> noticed, String reason, List<DrillReport> proven) {
    if (when == When.YES) {
      noticed.add(new Warning("not-proven", reason));
    }
    return proven;
  }

  private Optional<DrillReport> prove(
      OpenTarget target, BackupName name, DrillRequest request, List<Warning> noticed)
      throws IOException {
    try {
      DrillReport report = target.backups().drill(name, request);
      if (report.outcome() == Outcome.FAILED) {
        noticed.add(new Warning("restore-test-failed", report.problems().get(0).message()));
      } else if (report.outcome() == Outcome.PARTLY) {
        warnNotProven(noticed, report.notBooted().orElse(""), List.of());
      }
      return Optional.of(report).filter(r -> r.outcome() == Outcome.PROVEN);
    } catch (BackupException e) {
      if (e.kind() == Kind.CANCELLED) {
        throw e;
      }
      if (when == When.YES || !NO_ENGINE.contains(e.kind())) {
        noticed.add(new Warning("not-proven", e.getMessage()));
      }
      return Optional.empty();
    }
  }
}
