package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.ReportsEnvironment;
import dev.openmemory.backup.testkit.EnvironmentContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DockerEnvironmentContractTest extends EnvironmentContract {
  private final List<AutoCloseable> open = new ArrayList<>();

  @Override
  protected ReportsEnvironment of(Path folder, Map<String, String> variables) throws IOException {
    ContainerOfDouble container = container(folder);
    container.runs(
        "mcp",
        variables.entrySet().stream()
            .map(variable -> "'" + variable + "'")
            .collect(Collectors.joining(", ")),
        6333);
    return control(container);
  }

  @Override
  protected ReportsEnvironment ofNothing(Path folder) throws IOException {
    return control(container(folder));
  }

  private ContainerOfDouble container(Path folder) throws IOException {
    ContainerOfDouble container = ContainerOfDouble.start(folder);
    open.add(container.engine());
    return container;
  }

  private ReportsEnvironment control(ContainerOfDouble container) throws IOException {
    WriterControl control = container.control("api", "mcp");
    open.add(0, control);
    return (ReportsEnvironment) control;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }
}
