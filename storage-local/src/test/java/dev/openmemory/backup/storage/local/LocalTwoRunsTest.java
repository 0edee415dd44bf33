package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.testkit.TwoRunsContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("services")
class LocalTwoRunsTest extends TwoRunsContract {
  @TempDir Path folder;

  @Override
  protected String location() {
    return folder.toUri().toString();
  }
}
