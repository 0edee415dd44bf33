package dev.openmemory.backup.storage.sftp;

import dev.openmemory.backup.testkit.TwoRunsContract;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Two runs of which one is killed, on a server of OpenSSH. */
@Tag("services")
class OpenSshTwoRunsTest extends TwoRunsContract {
  @TempDir Path scratch;

  private @Nullable PlaceOnServer place;

  @Override
  protected final String location() throws Exception {
    return place().location().toString();
  }

  @Override
  protected final Map<String, String> options() throws Exception {
    return place().options();
  }

  private PlaceOnServer place() throws Exception {
    PlaceOnServer known = place;
    if (known == null) {
      known = new PlaceOnServer(SharedServer.OPENSSH, scratch);
      place = known;
    }
    return known;
  }
}
