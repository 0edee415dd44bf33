package dev.openmemory.backup.source.directory;

import dev.openmemory.backup.sample.FileTree;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testkit.BackupSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class DirectorySourceContractTest extends BackupSourceContract {
  private final AtomicInteger points = new AtomicInteger();

  @Override
  protected BackupSourceProvider provider() {
    return new DirectorySourceProvider();
  }

  @Override
  protected ProviderOptions install(Path home) throws IOException {
    Path collection = Files.createDirectories(storage(home).resolve("collections/openmemory"));
    Files.writeString(collection.resolve("config.json"), "{}");
    mutate(home);
    return new ProviderOptions("directory", Map.of("path", storage(home).toString()));
  }

  @Override
  protected void mutate(Path home) throws IOException {
    Path segment = storage(home).resolve("collections/openmemory/segment-" + points.get() % 2);
    Files.writeString(segment, "points " + points.incrementAndGet());
  }

  @Override
  protected Object state(Path home) throws IOException {
    Map<String, String> tree = FileTree.of(storage(home));
    tree.keySet().removeIf(name -> name.startsWith(".openmemory-backup"));
    return tree;
  }

  @Override
  protected void breakInstallation(Path home) throws IOException {
    Files.move(storage(home), home.resolve("moved"));
  }

  /** Files that change one by one have no instant of their own. */
  @Override
  protected boolean needsQuiesce() {
    return true;
  }

  /** The second half of so small an archive is padding, so it is cut within the first headers. */
  @Override
  protected byte[] damage(String name, byte[] plain) {
    return Arrays.copyOf(plain, 1000);
  }

  private static Path storage(Path home) {
    return home.resolve("storage");
  }
}
