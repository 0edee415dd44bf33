package dev.openmemory.backup.docker.internal.files;

import dev.openmemory.backup.internal.swap.ChecksPlace;
import dev.openmemory.backup.internal.swap.KeepsPrevious;
import dev.openmemory.backup.internal.swap.PreviousFolders;
import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Restoration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The source of a file in a container, which keeps what a restore replaces in the home. */
abstract class ContainerFileSource implements BackupSource, ChecksPlace, KeepsPrevious {
  final ContainerFile file;
  final FileRestorations restorations;

  ContainerFileSource(FileRestorations restorations) {
    this.file = restorations.file();
    this.restorations = restorations;
  }

  @Override
  public String place() {
    return file.describe();
  }

  @Override
  public Optional<Path> kept(String restoreId) {
    return restorations.kept(restoreId);
  }

  @Override
  public List<PreviousFolders> previous() {
    return List.of(new PreviousFolders(file.work()));
  }

  @Override
  public Optional<Restoration> resume(String restoreId) throws IOException {
    return restorations.resume(restoreId);
  }
}
