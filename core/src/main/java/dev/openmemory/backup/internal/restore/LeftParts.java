package dev.openmemory.backup.internal.restore;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Installation.Part;
import dev.openmemory.backup.internal.file.CloseAll;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.plugin.SourcePlugins;
import dev.openmemory.backup.internal.swap.RespectsRepair;
import dev.openmemory.backup.spi.Restoration;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a restore that a run has left half done. */
final class LeftParts implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LeftParts.class);

  private final Path home;
  private final RestoreRecord record;
  private final boolean replaceRepairs;
  private final Map<Part, Restoration> halves = new LinkedHashMap<>();
  private final List<BackupException> unopened = new ArrayList<>();

  /**
   * Opens those of which anything is left. One that cannot be opened fails when it is needed.
   *
   * @param replaceRepairs whether a rollback also replaces what a person has put in place
   */
  LeftParts(Path home, RestoreRecord record, boolean replaceRepairs) {
    this.home = home;
    this.record = record;
    this.replaceRepairs = replaceRepairs;
    SourcePlugins sources = SourcePlugins.load();
    for (Part part : record.parts()) {
      try {
        sources.open(part).resume(record.restoreId()).ifPresent(half -> halves.put(part, half));
      } catch (IOException | RuntimeException e) {
        unopened.add(failure(part, e));
      }
    }
  }

  Set<String> components() throws IOException {
    Set<String> components = new HashSet<>();
    for (Part part : record.parts()) {
      components.add(SourcePlugins.load().component(part));
    }
    return components;
  }

  void finish() throws IOException {
    if (!unopened.isEmpty()) {
      throw unopened.get(0);
    }
    for (Restoration half : halves.values()) {
      half.commit(record.discardPrevious());
    }
  }

  /**
   * Refuses a rollback of which a part would find a repair: none of the others is put back then.
   *
   * @throws BackupException of kind {@code NOT_ROLLED_BACK}
   */
  void requireUnrepaired() throws BackupException {
    for (Map.Entry<Part, Restoration> half : halves.entrySet()) {
      try {
        requireUnrepaired(half.getValue());
      } catch (IOException | RuntimeException e) {
        if (e instanceof BackupException repaired && repaired.kind() == Kind.NOT_ROLLED_BACK) {
          throw repaired;
        }
        LOG.debug("{} cannot be looked at", half.getKey().type(), e);
      }
    }
  }

  private void requireUnrepaired(Restoration half) throws IOException {
    if (!replaceRepairs && half instanceof RespectsRepair repaired) {
      repaired.requireUnrepaired();
    }
  }

  /** Where the rollback has kept what was changed in the restored data. */
  List<Path> changesKept() {
    return halves.values().stream()
        .filter(RespectsRepair.class::isInstance)
        .flatMap(half -> ((RespectsRepair) half).changesKept().stream())
        .toList();
  }

  /** A part that fails does not keep the others from their places. */
  void rollBack() throws IOException {
    List<BackupException> failures = new ArrayList<>(unopened);
    for (Map.Entry<Part, Restoration> half : halves.entrySet()) {
      try {
        rollBack(half.getValue());
      } catch (IOException | RuntimeException e) {
        failures.add(failure(half.getKey(), e));
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

  private static BackupException failure(Part part, Exception e) {
    return e instanceof BackupException ours
        ? ours
        : Kind.FAILED.failure("roll back restore", part.type(), String.valueOf(e.getMessage()), e);
  }

  @Override
  public void close() throws IOException {
    CloseAll.of(halves.values());
  }
}
