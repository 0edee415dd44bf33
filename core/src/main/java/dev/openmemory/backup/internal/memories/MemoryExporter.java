package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.crosscheck.Comparison;
import dev.openmemory.backup.internal.drill.PointSpool;
import dev.openmemory.backup.internal.drill.StoredPoints;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.NewFile;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sqlite.Memories;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.Memory;
import dev.openmemory.backup.memories.MemoryFormat;
import dev.openmemory.backup.memories.MemoryQuery;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes memories of a backup for a person or another program.
 *
 * @param vectors what may open the vectors of the backup; then JSON lines have them
 */
public record MemoryExporter(
    Run.Settings settings, MemoryQuery query, MemoryFormat format, Optional<DrillRequest> vectors) {
  private static final String OPERATION = "write memories";

  public MemoriesReport export(BackupName name, Path file) throws IOException {
    try (NewFile target = NewFile.begin(OPERATION, file)) {
      MemoriesReport report = export(name, target.stream(), file);
      target.publish();
      return report;
    }
  }

  public MemoriesReport export(BackupName name, OutputStream out) throws IOException {
    return export(name, out, Path.of(""));
  }

  private MemoriesReport export(BackupName name, OutputStream out, Path place) throws IOException {
    return new MemoryReader(settings)
        .open(
            name,
            (run, backup, memories) -> {
              run.enter(Phase.EXPORT, name.value());
              try {
                // Not closed: the stream is the caller's. Half a surrogate pair becomes "?".
                Writer text =
                    new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                long found =
                    vectors.isPresent()
                        ? writeWithVectors(run, backup, memories, text)
                        : write(memories, MemoryWriter.of(format, backup.summary(), text));
                text.flush();
                return new MemoriesReport(name, found, memories.count(), run.elapsed());
              } catch (IOException e) {
                throw FileFailure.of(OPERATION, place, e);
              }
            });
  }

  private long write(MemoryDatabase memories, MemoryWriter writer) throws IOException {
    writer.begin();
    long found = memories.each(query, writer);
    writer.end();
    return found;
  }

  private long writeWithVectors(Run run, StoredBackup backup, MemoryDatabase memories, Writer text)
      throws IOException {
    List<UUID> ids = new ArrayList<>();
    memories.each(query, memory -> addUnlessDeleted(memory, ids));
    Memories rows = new Memories(memories.file(), memories.location());
    Optional<String> collection = Comparison.collection(rows);
    try (PointSpool points = PointSpool.in(run.context().scratch(), settings -> {})) {
      if (!ids.isEmpty() && collection.isPresent()) {
        new StoredPoints(run, backup, vectors.orElseThrow(), Optional.empty())
            .read(collection.get(), ids, points);
      }
      return write(memories, new JsonLinesWriter(text, Optional.of(points::find)));
    }
  }

  private static void addUnlessDeleted(Memory memory, List<UUID> ids) {
    if (memory.state().equals("deleted")) {
      return;
    }
    try {
      ids.add(UUID.fromString(memory.id()));
    } catch (IllegalArgumentException e) {
      // An id that is no UUID has no point.
      return;
    }
  }
}
