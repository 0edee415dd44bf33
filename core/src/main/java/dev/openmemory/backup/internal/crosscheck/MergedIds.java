package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.internal.file.Undo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Several runs as one. */
final class MergedIds implements IdStream {
  private final List<IdStream> open = new ArrayList<>();
  private final PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing(Head::entry));

  private MergedIds() {}

  /** The next entry of a run. */
  private record Head(IdEntry entry, IdStream rest) {}

  static MergedIds of(Collection<IdRun> runs) throws IOException {
    return Undo.closingOnFailure(
        new MergedIds(),
        merged -> {
          for (IdRun run : runs) {
            IdStream stream = run.read();
            merged.open.add(stream);
            merged.advance(stream);
          }
          return merged;
        });
  }

  private void advance(IdStream stream) throws IOException {
    IdEntry entry = stream.next();
    if (entry != null) {
      heads.add(new Head(entry, stream));
    }
  }

  @Override
  public @Nullable IdEntry next() throws IOException {
    Head head = heads.poll();
    if (head == null) {
      return null;
    }
    advance(head.rest());
    return head.entry();
  }

  @Override
  public void close() throws IOException {
    for (IdStream stream : open) {
      stream.close();
    }
  }
}
