package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.plugin.SourcePlugins;
import dev.openmemory.backup.internal.swap.RespectsRepair;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of a restore that a run has left half done.
 *
 * @param replaceRepairs whether a rollback also replaces what a person has put in place
 */
record LeftParts(Path home, RestoreRecord record, boolean replaceRepairs) {
  private static final Logger LOG = LoggerFactory.getLogger(LeftParts.class);

  private interface Step {
    void with(Restoration half) throws IOException;
  }

  Set<String> components() throws IOException {
    Set<String> components = new HashSet<>();
    for (Part part : record.parts()) {
      components.add(SourcePlugins.load().component(part));
    }
    return components;
  }

  void finish() throws IOException {
    for (Part part : record.parts()) {
      each(part, half -> half.commit(record.discardPrevious()));
    }
  }

  /**
   * Refuses a rollback of which a part would find a repair: none of the others is put back then.
   *
   * @throws BackupException of kind {@code NOT_ROLLED_BACK}
   */
  void requireUnrepaired() throws BackupException {
    for (Part part : record.parts()) {
      try {
        each(part, this::requireUnrepaired);
      } catch (IOException | RuntimeException e) {
        if (e instanceof BackupException repaired && repaired.kind() == Kind.NOT_ROLLED_BACK) {
          throw repaired;
        }
        LOG.debug("{} cannot be looked at", part.type(), e);
      }
    }
  }

  private void requireUnrepaired(Restoration half) throws IOException {
    if (!replaceRepairs && half instanceof RespectsRepair repaired) {
      repaired.requireUnrepaired();
    }
  }

  /** A part that fails does not keep the others from their places. */
  void rollBack() throws IOException {
    List<BackupException> failures = new ArrayList<>();
    for (Part part : record.parts()) {
      try {
        each(part, this::rollBack);
      } catch (IOException | RuntimeException e) {
        failures.add(failure(part, e));
      }
    }
    if (!failures.isEmpty()) {
      BackupException first = failures.remove(0);
      failures.forEach(first::addSuppressed);
      String all =
          Stream.concat(Stream.of(first), failures.stream())
              .map(Throwable::getMessage)
              .collect(Collectors.joining("; "));
      Undo.after(first, () -> record.failedAgain(all).write(home));
      throw first;
    }
  }

  private void rollBack(Restoration half) throws IOException {
    if (replaceRepairs && half instanceof RespectsRepair repaired) {
      repaired.replaceRepair();
    }
    half.rollback();
  }

  private void each(Part part, Step step) throws IOException {
    Optional<Restoration> restoration = SourcePlugins.load().open(part).resume(record.restoreId());
    if (restoration.isPresent()) {
      try (Restoration half = restoration.get()) {
        step.with(half);
      }
    }
  }

  private static BackupException failure(Part part, Exception e) {
    return e instanceof BackupException ours
        ? ours
        : Kind.FAILED.failure("roll back restore", part.type(), String.valueOf(e.getMessage()), e);
  }
}
