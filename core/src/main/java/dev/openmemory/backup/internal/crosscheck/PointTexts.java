package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.internal.text.Sha256;
import dev.openmemory.backup.spi.optional.VectorStore;
import dev.openmemory.backup.spi.optional.VectorStore.Point;
import dev.openmemory.backup.verify.CrossCheck.Difference;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** The digests of the texts of points. */
public final class PointTexts implements Closeable {
  private final IdFolder folder;
  private final SortedIds digests;

  private PointTexts(IdFolder folder) {
    this.folder = folder;
    this.digests = folder.ids();
  }

  /** Asks the store for all. */
  public static PointTexts of(VectorStore store, String collection, IdFolder folder)
      throws IOException {
    return Undo.closingOnFailure(
        new PointTexts(folder),
        texts -> {
          store.pointsWithTexts(collection, texts::add);
          return texts;
        });
  }

  private void add(Point point) throws IOException {
    if (point.id().isPresent() && point.text().isPresent()) {
      digests.add(new IdEntry(point.id().get(), 0, digest(point.text().get())));
    }
  }

  /**
   * The memories that have another text than their point; one that is missing on a side is not
   * among them.
   */
  Difference of(Memories memories) throws IOException {
    Differing differing = new Differing();
    try (SortedIds rows = folder.ids()) {
      long[] order = {0};
      memories.texts(
          (text, content) -> {
            Optional<UUID> id = Comparison.id(text);
            if (id.isPresent()) {
              rows.add(new IdEntry(id.get(), order[0]++, digest(content)));
            }
          },
          folder.cancellation());
      try (IdStream known = digests.sorted();
          IdStream wanted = rows.sorted()) {
        differing.run(wanted, known);
      }
    }
    return differing.ids.difference();
  }

  private static final class Differing implements IdJoin {
    private final FirstIds ids = new FirstIds();

    @Override
    public void both(IdEntry row, IdEntry point) {
      if (row.value() != point.value()) {
        ids.add(row.order(), () -> row.id().toString());
      }
    }

    @Override
    public void row(IdEntry row) {
      // It has no point: the comparison of ids reports it.
    }

    @Override
    public void point(IdEntry point) {
      // It has no row: the comparison of ids reports it.
    }
  }

  private static long digest(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(Sha256.start().digest(bytes)).getLong();
  }

  /** Removes what is in the folder. */
  @Override
  public void close() throws IOException {
    digests.close();
  }
}
