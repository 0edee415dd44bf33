package dev.openmemory.backup.source.directory;

import dev.openmemory.backup.sample.FolderContract;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class DirectorySourceContractTest extends FolderContract {
  private final AtomicInteger points = new AtomicInteger();

  @Override
  protected BackupSourceProvider provider() {
    return new DirectorySourceProvider();
  }

  @Override
  protected ProviderOptions install(Path home) throws IOException {
    Path collection = Files.createDirectories(data(home).resolve("collections/openmemory"));
    Files.writeString(collection.resolve("config.json"), "{}");
    mutate(home);
    return new ProviderOptions("directory", Map.of("path", data(home).toString()));
  }

  @Override
  protected void mutate(Path home) throws IOException {
    Path segment = data(home).resolve("collections/openmemory/segment-" + points.get() % 2);
    Files.writeString(segment, "points " + points.incrementAndGet());
  }
}
