package dev.openmemory.backup.source.config;

import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testkit.BackupSourceContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class ConfigSourceContractTest extends BackupSourceContract {
  private final AtomicInteger version = new AtomicInteger();

  @Override
  protected BackupSourceProvider provider() {
    return new ConfigSourceProvider();
  }

  @Override
  protected ProviderOptions install(Path home) throws IOException {
    mutate(home);
    return new ProviderOptions("config", Map.of("path", config(home).toString()));
  }

  /** As an editor saves: a new file takes the place of the old one. */
  @Override
  protected void mutate(Path home) throws IOException {
    Path saved = home.resolve("config.json.saved");
    Files.writeString(saved, "{\"version\": " + version.incrementAndGet() + "}");
    Files.move(saved, config(home), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  protected Object state(Path home) throws IOException {
    return Files.readString(config(home));
  }

  @Override
  protected void breakInstallation(Path home) throws IOException {
    Files.delete(config(home));
  }

  /** Any bytes are a configuration, valid or not; only too many are none. */
  @Override
  protected byte[] damage(String name, byte[] plain) {
    return " ".repeat((16 << 20) + 1).getBytes(StandardCharsets.US_ASCII);
  }

  private static Path config(Path home) {
    return home.resolve("config.json");
  }
}
