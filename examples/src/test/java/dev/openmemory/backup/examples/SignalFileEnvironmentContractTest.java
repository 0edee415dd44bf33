package dev.openmemory.backup.examples;

import dev.openmemory.backup.spi.optional.ReportsEnvironment;
import dev.openmemory.backup.testkit.EnvironmentContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class SignalFileEnvironmentContractTest extends EnvironmentContract {
  @Override
  protected ReportsEnvironment of(Path folder, Map<String, String> variables) throws IOException {
    Files.write(
        folder.resolve("server.env"),
        variables.entrySet().stream().map(Map.Entry::toString).toList());
    return ofNothing(folder);
  }

  @Override
  protected ReportsEnvironment ofNothing(Path folder) {
    return new SignalFileControl(folder, URI.create("http://localhost:6333"));
  }
}
