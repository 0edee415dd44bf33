package dev.openmemory.backup.internal.undo;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.internal.catalog.OpenParts;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.restore.Replacement;
import dev.openmemory.backup.internal.restore.Reversal;
import dev.openmemory.backup.internal.restore.Reversal.Before;
import dev.openmemory.backup.internal.restore.UndoRecord;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.swap.KeepsPrevious;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the last restore has set aside: all of it, or nothing. */
record KeptReplacement(Run run, UndoRecord last, List<OpenPart> parts, boolean dryRun)
    implements Replacement {
  private static final String OPERATION = "undo";

  /**
   * Finds where it belongs.
   *
   * @throws BackupException of kind {@code INVALID} when the data is elsewhere now, {@code
   *     NOT_FOUND} when something was not set aside or is no longer there, {@code UNSUPPORTED} when
   *     its source cannot put it back
   */
  static KeptReplacement of(Run run, UndoRecord last, OpenParts present, boolean dryRun)
      throws IOException {
    List<OpenPart> parts = new ArrayList<>();
    for (Map.Entry<String, Before> before : last.reversal().before().entrySet()) {
      parts.add(part(last, before.getKey(), before.getValue(), present));
    }
    return new KeptReplacement(run, last, parts, dryRun);
  }

  private static OpenPart part(UndoRecord last, String component, Before before, OpenParts present)
      throws IOException {
    if (before.place().isEmpty()) {
      throw Kind.UNSUPPORTED.failure(
          OPERATION,
          component,
          "was restored from snapshots, or by a plug-in that keeps nothing; an undo cannot take that back");
    }
    String place = before.place().get();
    OpenPart part = present.find(component).orElseThrow(() -> moved(component, place, "unknown"));
    KeepsPrevious source = keeper(part).orElseThrow(() -> moved(component, place, "unknown"));
    if (!source.place().equals(place)) {
      throw moved(component, place, source.place());
    }
    String kept = last.kept().get(component);
    if (kept == null && !source.mayBeAbsent()) {
      throw Kind.NOT_FOUND.failure(
          OPERATION,
          place,
          "the "
              + component
              + " did not exist before the restore, so there is nothing to go back to");
    }
    if (kept != null && source.kept(last.restoreId()).isEmpty()) {
      throw Kind.NOT_FOUND.failure(
          OPERATION, kept, "the previous " + component + " is no longer there");
    }
    return part;
  }

  private static BackupException moved(String component, String before, String now) {
    return Kind.INVALID.failure(
        OPERATION,
        before,
        "the restore replaced the " + component + " there, and now its place is " + now);
  }

  private static Optional<KeepsPrevious> keeper(OpenPart part) {
    return part.source() instanceof KeepsPrevious source ? Optional.of(source) : Optional.empty();
  }

  @Override
  public BackupName backup() {
    return last.reversal().backup();
  }

  /** Each part is checked when it is staged, which takes nothing from its place. */
  @Override
  public void requireFit() {}

  @Override
  public Restoration stage(OpenPart part, String restoreId) throws IOException {
    return keeper(part)
        .orElseThrow()
        .prepareKept(restoreId, last.restoreId(), stated(part), run.context());
  }

  @Override
  public Facts stated(OpenPart part) {
    return Objects.requireNonNull(last.reversal().before().get(part.component())).facts();
  }

  @Override
  public boolean removes(OpenPart part) {
    return !last.kept().containsKey(part.component());
  }

  @Override
  public boolean discardPrevious() {
    return false;
  }

  @Override
  public Optional<Reversal> reversal() {
    Reversal reversed = last.reversal();
    return Optional.of(
        new Reversal(
            reversed.backup(),
            reversed.created(),
            !reversed.undone(),
            Optional.of(last.restoreId()),
            Map.of()));
  }
}
