package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.internal.file.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes backups of one installation a group. Kept in the home, so that it goes with a home
 * that moves; where the home cannot be written, derived from its path.
 */
public final class InstallationId {
  private static final Logger LOG = LoggerFactory.getLogger(InstallationId.class);

  private InstallationId() {}

  public static String of(Path home) {
    Path file = WorkFolder.of(home).resolve("installation-id");
    try {
      if (Files.exists(file)) {
        return UUID.fromString(Files.readString(file).strip()).toString();
      }
      String id = UUID.randomUUID().toString();
      DurableFile.write(file, (id + "\n").getBytes(StandardCharsets.UTF_8));
      return id;
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("No installation id at {}, deriving one from the path", file, e);
      return UUID.nameUUIDFromBytes(home.toString().getBytes(StandardCharsets.UTF_8)).toString();
    }
  }
}
