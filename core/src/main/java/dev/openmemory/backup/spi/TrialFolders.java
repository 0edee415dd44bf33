package dev.openmemory.backup.spi;

import java.nio.file.Path;

/**
 * What a {@link TrialServer} may write to: existing private folders on this host, removed when the
 * drill ends.
 *
 * @param storage holds what was restored
 * @param snapshots empty
 * @param temporary empty
 */
public record TrialFolders(Path storage, Path snapshots, Path temporary) {}
