package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.internal.catalog.OpenParts.OpenPart;
import dev.openmemory.backup.internal.publish.FilePublisher;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What of a backup is stored so far. */
final class PublishedParts {
  private final Run run;
  private final FilePublisher publisher;
  private final Map<OpenPart, List<StoredFile>> stored = new LinkedHashMap<>();

  PublishedParts(Run run, FilePublisher publisher) {
    this.run = run;
    this.publisher = publisher;
  }

  /** Stores the detached captures, or all others. */
  void publish(Captures captures, boolean detached) throws IOException {
    for (Map.Entry<OpenPart, Capture> entry : captures.all().entrySet()) {
      if (entry.getValue().detached() == detached && !stored.containsKey(entry.getKey())) {
        run.enter(Phase.PUBLISH, entry.getKey().component());
        List<StoredFile> files = new ArrayList<>();
        for (CapturedFile file : entry.getValue().files()) {
          files.add(publisher.publish(file));
        }
        stored.put(entry.getKey(), files);
      }
    }
  }

  List<StoredFile> of(OpenPart part) {
    return stored.getOrDefault(part, List.of());
  }
}
