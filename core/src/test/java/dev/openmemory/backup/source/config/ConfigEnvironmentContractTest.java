package dev.openmemory.backup.source.config;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.optional.ReportsEnvironment;
import dev.openmemory.backup.testkit.EnvironmentContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

class ConfigEnvironmentContractTest extends EnvironmentContract {
  @Override
  protected ReportsEnvironment of(Path folder, Map<String, String> variables) throws IOException {
    String lines =
        variables.entrySet().stream()
            .map(variable -> variable.getKey() + "=" + variable.getValue() + "\n")
            .collect(Collectors.joining());
    Files.writeString(folder.resolve(".env"), lines);
    return source(folder);
  }

  @Override
  protected ReportsEnvironment ofNothing(Path folder) throws BackupException {
    return source(folder.resolve("missing"));
  }

  private static ReportsEnvironment source(Path folder) throws BackupException {
    Map<String, String> options = Map.of("path", folder.resolve("config.json").toString());
    return (ReportsEnvironment)
        new ConfigSourceProvider().open(new ProviderOptions("config", options));
  }
}
