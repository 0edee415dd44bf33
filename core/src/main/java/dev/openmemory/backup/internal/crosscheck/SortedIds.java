package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.BackupException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of ids. What does not fit into memory goes to sorted runs in a folder. So many
 * runs become one that few files are open and each id is written a few times only.
 */
final class SortedIds implements Closeable {
  private static final int MOST_RUNS = 64;

  private final IdFolder folder;
  private final List<IdEntry> buffer = new ArrayList<>();

  /** The runs by how often their ids were merged. */
  private final List<List<IdRun>> levels = new ArrayList<>();

  SortedIds(IdFolder folder) {
    this.folder = folder;
  }

  void add(IdEntry entry) throws BackupException {
    if (buffer.size() == folder.inMemory()) {
      try {
        spill();
      } catch (IOException e) {
        throw folder.failure(e);
      }
    }
    buffer.add(entry);
  }

  /** All that were added, in their order; nothing is added any more. */
  IdStream sorted() throws BackupException {
    try {
      if (levels.isEmpty()) {
        return sortedBuffer();
      }
      spill();
      return new Checked(folder, MergedIds.of(runs()));
    } catch (IOException e) {
      throw folder.failure(e);
    }
  }

  private IdStream sortedBuffer() {
    buffer.sort(Comparator.naturalOrder());
    return new InMemory(buffer.iterator());
  }

  private record InMemory(Iterator<IdEntry> entries) implements IdStream {
    @Override
    public @Nullable IdEntry next() {
      return entries.hasNext() ? entries.next() : null;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  /** Ends when the run is cancelled, and names the folder in a failure. */
  private record Checked(IdFolder folder, IdStream entries) implements IdStream {
    @Override
    public @Nullable IdEntry next() throws BackupException {
      try {
        folder.cancellation().check();
        return entries.next();
      } catch (IOException e) {
        throw folder.failure(e);
      }
    }

    @Override
    public void close() throws BackupException {
      try {
        entries.close();
      } catch (IOException e) {
        throw folder.failure(e);
      }
    }
  }

  /** Ids that came in their order make a single run. */
  private void spill() throws IOException {
    IdStream sorted = sortedBuffer();
    if (!buffer.isEmpty()) {
      runBefore(buffer.get(0)).append(sorted);
      buffer.clear();
      mergeFull();
    }
  }

  private IdRun runBefore(IdEntry first) throws IOException {
    List<IdRun> level = level(0);
    if (level.isEmpty() || !level.get(level.size() - 1).endsBefore(first)) {
      level.add(IdRun.in(folder.path()));
    }
    return level.get(level.size() - 1);
  }

  private void mergeFull() throws IOException {
    for (int i = 0; i < levels.size() && levels.get(i).size() == MOST_RUNS; i++) {
      List<IdRun> full = levels.get(i);
      IdRun merged = IdRun.in(folder.path());
      level(i + 1).add(merged);
      try (IdStream all = new Checked(folder, MergedIds.of(full))) {
        merged.append(all);
      }
      for (IdRun run : full) {
        run.delete();
      }
      full.clear();
    }
  }

  private List<IdRun> level(int number) {
    if (levels.size() == number) {
      levels.add(new ArrayList<>());
    }
    return levels.get(number);
  }

  private List<IdRun> runs() {
    return levels.stream().flatMap(List::stream).toList();
  }

  /** Removes the runs. */
  @Override
  public void close() throws BackupException {
    BackupException failure = null;
    for (IdRun run : runs()) {
      try {
        run.delete();
      } catch (IOException e) {
        failure = failure == null ? folder.failure(e) : failure;
      }
    }
    levels.clear();
    buffer.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
