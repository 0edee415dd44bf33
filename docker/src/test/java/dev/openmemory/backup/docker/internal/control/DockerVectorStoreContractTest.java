package dev.openmemory.backup.docker.internal.control;

import dev.openmemory.backup.spi.WriterControl;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.testkit.VectorStoreContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DockerVectorStoreContractTest extends VectorStoreContract {
  private final List<AutoCloseable> open = new ArrayList<>();

  @Override
  protected OpensVectorStore of(URI qdrant, Path folder) throws IOException {
    ContainerOfDouble container = ContainerOfDouble.start(folder);
    open.add(container.engine());
    container.runs("store", "", qdrant.getPort());
    WriterControl control = container.control("store", "store");
    open.add(0, control);
    return (OpensVectorStore) control;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }
}
