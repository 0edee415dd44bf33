package dev.openmemory.backup.source.file;

import dev.openmemory.backup.sample.FolderContract;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class FolderSourceContractTest extends FolderContract {
  private final AtomicInteger changes = new AtomicInteger();

  private static final class Notes extends FolderSourceProvider {
    Notes() {
      super("notes");
    }
  }

  @Override
  protected BackupSourceProvider provider() {
    return new Notes();
  }

  @Override
  protected ProviderOptions install(Path home) throws IOException {
    Files.createDirectories(data(home).resolve("2026/empty"));
    Files.writeString(data(home).resolve("first"), "stays");
    mutate(home);
    return new ProviderOptions("notes", Map.of("path", data(home).toString()));
  }

  @Override
  protected void mutate(Path home) throws IOException {
    int change = changes.incrementAndGet();
    Files.writeString(data(home).resolve("2026/note-" + change % 2), "note " + change);
  }
}
