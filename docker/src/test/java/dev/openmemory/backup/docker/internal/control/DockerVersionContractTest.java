package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.ReportsVersion;
import dev.openmemory.backup.testkit.VersionContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DockerVersionContractTest extends VersionContract {
  private final List<AutoCloseable> open = new ArrayList<>();

  @Override
  protected ReportsVersion of(URI qdrant, String key, Path folder) throws IOException {
    ContainerOfDouble container = container(folder);
    container.runs("store", "'QDRANT__SERVICE__API_KEY=" + key + "'", qdrant.getPort());
    return control(container);
  }

  @Override
  protected ReportsVersion ofNothing(Path folder) throws IOException {
    return control(container(folder));
  }

  private ContainerOfDouble container(Path folder) throws IOException {
    ContainerOfDouble container = ContainerOfDouble.start(folder);
    open.add(container.engine());
    return container;
  }

  private ReportsVersion control(ContainerOfDouble container) throws IOException {
    WriterControl control = container.control("store", "store");
    open.add(0, control);
    return (ReportsVersion) control;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }
}
