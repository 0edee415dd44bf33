package dev.openmemory.backup.examples;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupTargets;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.BackupTargetProvider;
import dev.openmemory.backup.spi.ProviderOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/** {@code team:/srv/backups?name=blue}: the team's part of a directory that several teams share. */
public final class TeamBackupTargetProvider implements BackupTargetProvider {
  /** For {@link java.util.ServiceLoader}. */
  public TeamBackupTargetProvider() {}

  @Override
  public String scheme() {
    return "team";
  }

  @Override
  public BackupTarget open(URI location, ProviderOptions options) throws BackupException {
    options.allow(Set.of("name"));
    String team =
        options
            .text("name")
            .orElseThrow(() -> Kind.INVALID.failure("open target", "team:", "'name' is required"));
    return new TeamBackupTarget(BackupTargets.open(Path.of(location.getPath())), team);
  }
}
