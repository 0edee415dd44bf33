package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.plugin.SourcePlugins;
import dev.openmemory.backup.internal.run.WorkRecord;
import dev.openmemory.backup.internal.swap.KeepsPrevious;
import dev.openmemory.backup.internal.swap.PreviousFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is done when all parts of a restore are final. It may be done again after a kill. */
record RestoreEnd(Path home, SourcePlugins sources, Clock clock) {

  /** Notes for an undo what the restore has set aside, and forgets the restore. */
  void of(RestoreRecord record) throws IOException {
    Map<String, String> kept = new LinkedHashMap<>();
    for (Part part : record.parts()) {
      if (sources.open(part) instanceof KeepsPrevious source) {
        Optional<Path> path = source.kept(record.restoreId());
        if (path.isPresent()) {
          kept.put(sources.component(part), path.get().toString());
        }
      }
    }
    of(record, kept);
  }

  /**
   * The same where it is known.
   *
   * @param kept where the data from before is, by component
   */
  void of(RestoreRecord record, Map<String, String> kept) throws IOException {
    Optional<Reversal> reversal = record.reversal();
    if (reversal.isPresent() && !kept.isEmpty()) {
      new UndoRecord(record.restoreId(), clock.instant(), reversal.get(), kept).write(home);
    } else {
      UndoRecord.delete(home);
    }
    Optional<String> reverses = reversal.flatMap(Reversal::reverses);
    if (reverses.isPresent()) {
      removeWhatIsInPlace(record, reverses.get());
    }
    if (replacesMemories(record)) {
      // What they would take back is no longer there.
      WorkRecord.MEMORIES.delete(home);
    }
    RestoreRecord.delete(home);
  }

  private boolean replacesMemories(RestoreRecord record) throws IOException {
    for (Part part : record.parts()) {
      if (!sources.component(part).equals(Component.CONFIG)) {
        return true;
      }
    }
    return false;
  }

  /** An engine is given a copy; what a swap has moved is gone already. */
  private void removeWhatIsInPlace(RestoreRecord record, String keptBy) throws IOException {
    for (Part part : record.parts()) {
      if (sources.open(part) instanceof KeepsPrevious source) {
        Optional<Path> left = source.kept(keptBy);
        if (left.isPresent()) {
          try {
            PreviousFolders.remove(left.get());
          } catch (IOException e) {
            throw FileFailure.of("remove previous data", left.get(), e);
          }
        }
      }
    }
  }
}
