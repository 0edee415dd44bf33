package dev.openmemory.backup.internal.swap;

import dev.openmemory.backup.spi.BackupSource;
import dev.openmemory.backup.spi.Restoration;
import dev.openmemory.backup.spi.RunContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The source of a file of this host, which keeps what a restore replaces beside the file. */
public interface SingleFileSource extends BackupSource, ChecksPlace, KeepsPrevious {
  /** As configured; see {@link Destination}. */
  Path path();

  String component();

  /** The file and the ones beside it that a restore replaces together with it. */
  List<String> names(Destination destination);

  @Override
  default void requireReplaceable(RunContext context) throws IOException {
    Destination destination = Destination.of(path());
    Replaceable.require(destination.directory(), names(destination));
  }

  @Override
  default String place() throws IOException {
    return Destination.of(path()).file().toString();
  }

  @Override
  default Optional<Path> kept(String restoreId) throws IOException {
    return folders().find(restoreId, component());
  }

  @Override
  default List<PreviousFolders> previous() throws IOException {
    return List.of(folders());
  }

  /** The work folder beside the file. */
  default PreviousFolders folders() throws IOException {
    return PreviousFolders.in(Destination.of(path()).directory());
  }

  @Override
  default Optional<Restoration> resume(String restoreId) throws IOException {
    return Swap.resume(Destination.of(path()).directory(), restoreId, component())
        .map(Restoration.class::cast);
  }
}
