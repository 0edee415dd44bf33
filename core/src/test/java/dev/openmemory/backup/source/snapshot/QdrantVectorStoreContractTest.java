package dev.openmemory.backup.source.snapshot;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.optional.OpensVectorStore;
import dev.openmemory.backup.testkit.VectorStoreContract;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

class QdrantVectorStoreContractTest extends VectorStoreContract {
  @Override
  protected OpensVectorStore of(URI qdrant, Path folder) throws BackupException {
    Map<String, String> options = Map.of("urls", qdrant.toString(), "work", folder.toString());
    return (OpensVectorStore)
        new QdrantSnapshotSourceProvider().open(new ProviderOptions("qdrant-snapshot", options));
  }
}
