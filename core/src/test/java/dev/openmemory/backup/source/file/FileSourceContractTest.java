package dev.openmemory.backup.source.file;

import dev.openmemory.backup.sample.FolderContract;
import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class FileSourceContractTest extends FolderContract {
  private final AtomicInteger changes = new AtomicInteger();

  private static final class Key extends FileSourceProvider {
    Key() {
      super("key");
    }
  }

  @Override
  protected BackupSourceProvider provider() {
    return new Key();
  }

  @Override
  protected ProviderOptions install(Path home) throws IOException {
    Files.writeString(home.resolve("beside"), "is no part of it");
    mutate(home);
    return new ProviderOptions("key", Map.of("path", home.resolve("key.pem").toString()));
  }

  @Override
  protected void mutate(Path home) throws IOException {
    Files.writeString(home.resolve("key.pem"), "key " + changes.incrementAndGet());
  }

  @Override
  protected Object state(Path home) throws IOException {
    return Files.readString(home.resolve("key.pem")) + Files.readString(home.resolve("beside"));
  }

  @Override
  protected void breakInstallation(Path home) throws IOException {
    Files.delete(home.resolve("key.pem"));
  }
}
