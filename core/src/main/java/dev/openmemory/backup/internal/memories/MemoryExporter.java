package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.file.NewFile;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.MemoryFormat;
import dev.openmemory.backup.memories.MemoryQuery;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes memories of a backup for a person or another program. */
public record MemoryExporter(Run.Settings settings, MemoryQuery query, MemoryFormat format) {
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
                MemoryWriter writer = MemoryWriter.of(format, backup.summary(), text);
                writer.begin();
                long found = memories.each(query, writer);
                writer.end();
                text.flush();
                return new MemoriesReport(name, found, memories.count(), run.elapsed());
              } catch (IOException e) {
                throw FileFailure.of(OPERATION, place, e);
              }
            });
  }
}
