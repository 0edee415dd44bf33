package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.internal.text.NearNames;
import java.util.List;

/** There is no backup of that name, but there are some of nearly that name. */
public final class UnknownBackupException extends BackupException {
  private static final long serialVersionUID = 1L;

  private final String[] nearNames;

  public UnknownBackupException(
      BackupException notFound, BackupName wanted, List<BackupSummary> present) {
    super(notFound.kind(), notFound.operation(), notFound.location(), notFound.fact(), notFound);
    this.nearNames =
        NearNames.of(wanted.value(), present.stream().map(b -> b.name().value()).toList())
            .toArray(String[]::new);
  }

  /** Nearest first. */
  List<String> nearNames() {
    return List.of(nearNames);
  }
}
