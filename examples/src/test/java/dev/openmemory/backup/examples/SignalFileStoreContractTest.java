package dev.openmemory.backup.examples;

import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.testkit.VectorStoreContract;
import java.net.URI;
import java.nio.file.Path;

class SignalFileStoreContractTest extends VectorStoreContract {
  @Override
  protected OpensVectorStore of(URI qdrant, Path folder) {
    return new SignalFileControl(folder, qdrant);
  }
}
