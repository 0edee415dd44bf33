package dev.openmemory.backup.internal.undo;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.RestoreReport;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.lock.HomeLock;
import dev.openmemory.backup.internal.putback.UnfinishedChanges;
import dev.openmemory.backup.internal.restore.Recovery;
import dev.openmemory.backup.internal.restore.RestoreAttempt;
import dev.openmemory.backup.internal.restore.UndoRecord;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.undo.UndoReport;
import dev.openmemory.backup.undo.UndoRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Undoes the last restore: a restore of what that one has set aside. */
public final class RestoreReverser {
  private final Run.Settings settings;

  /** Undoes with these settings. */
  public RestoreReverser(Run.Settings settings) {
    this.settings = settings;
  }

  /** See {@link dev.openmemory.backup.Backups#undo}. */
  @SuppressWarnings("try")
  public UndoReport undo(Installation installation, UndoRequest request) throws IOException {
    Path home = installation.home();
    Recovery recovery = new Recovery(home, settings.clock());
    if (UndoRecord.read(home).isEmpty() && recovery.isNeedless()) {
      throw nothingSetAside(home);
    }
    try (Run run = Run.reading(settings);
        HomeLock lock = HomeLock.take(run, home, "undo")) {
      for (String done : recovery.run()) {
        run.tell(new BackupEvent.LeftoverHandled(done));
      }
      UnfinishedChanges.settleOrWarn(run, installation);
      UndoRecord last = UndoRecord.read(home).orElseThrow(() -> nothingSetAside(home));
      OpenParts present = OpenParts.open(run, installation);
      KeptReplacement kept = KeptReplacement.of(run, last, present, request.dryRun());
      RestoreReport report = new RestoreAttempt(run, installation, kept).run();
      return report(last, report);
    }
  }

  private static BackupException nothingSetAside(Path home) {
    return Kind.NOT_FOUND.failure(
        "undo", home.toString(), "The last restore has set nothing aside.");
  }

  private static UndoReport report(UndoRecord last, RestoreReport report) {
    Map<String, String> places = new LinkedHashMap<>();
    last.reversal()
        .before()
        .forEach((name, data) -> data.place().ifPresent(place -> places.put(name, place)));
    return new UndoReport(
        report.dryRun(),
        report.name(),
        last.reversal().created(),
        last.time(),
        last.reversal().undone(),
        places,
        report.previous(),
        report.warnings(),
        report.elapsed());
  }
}
