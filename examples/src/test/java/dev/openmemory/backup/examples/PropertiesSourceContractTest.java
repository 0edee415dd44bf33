package dev.openmemory.backup.examples;

import dev.openmemory.backup.spi.BackupSourceProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.testkit.BackupSourceContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

class PropertiesSourceContractTest extends BackupSourceContract {
  private int states;

  @Override
  protected BackupSourceProvider provider() {
    return new PropertiesSourceProvider();
  }

  @Override
  protected ProviderOptions install(Path home) throws IOException {
    mutate(home);
    return new ProviderOptions("properties", Map.of("file", file(home).toString()));
  }

  @Override
  protected void mutate(Path home) throws IOException {
    String text = "embedder.provider=ollama\nembedder.model=model-" + states++ + "\n";
    Path next = Files.writeString(home.resolve("next"), text);
    Files.move(next, file(home), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  protected Object state(Path home) throws IOException {
    return Files.readString(file(home));
  }

  @Override
  protected void breakInstallation(Path home) throws IOException {
    Files.delete(file(home));
  }

  @Override
  protected byte[] damage(String name, byte[] plain) {
    return "embedder.provider=ollama".getBytes(StandardCharsets.US_ASCII);
  }

  private static Path file(Path home) {
    return home.resolve("server.properties");
  }
}
