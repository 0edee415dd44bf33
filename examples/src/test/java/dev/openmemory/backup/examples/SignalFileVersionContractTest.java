package dev.openmemory.backup.examples;

import dev.openmemory.backup.spi.optional.ReportsVersion;
import dev.openmemory.backup.testkit.VersionContract;
import java.net.URI;
import java.nio.file.Path;

class SignalFileVersionContractTest extends VersionContract {
  @Override
  protected ReportsVersion of(URI qdrant, String key, Path folder) {
    return new SignalFileControl(folder, qdrant);
  }

  @Override
  protected ReportsVersion ofNothing(Path folder) {
    return new SignalFileControl(folder.resolve("missing"), URI.create("http://localhost:6333"));
  }
}
