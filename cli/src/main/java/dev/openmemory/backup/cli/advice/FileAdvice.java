package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import dev.openmemory.backup.internal.run.ScratchDirectory;
import java.util.Optional;

/** What a person can do about a failure of a local disk, whatever was tried. */
final class FileAdvice {
  private static final String TEMPORARY = "create temporary directory";
  private static final String OTHER_FOLDER =
      " the temporary folder, or use another one:"
          + " OPENMEMORY_BACKUP_JAVA_OPTS=-Djava.io.tmpdir=/big";

  private FileAdvice() {}

  /** Empty for all other failures. */
  static Optional<String> on(BackupException failure) {
    boolean temporary = failure.operation().equals(TEMPORARY);
    if (failure.kind() == Kind.NO_SPACE
        && (temporary || ScratchDirectory.contains(failure.location()))) {
      return Optional.of("Make room in" + OTHER_FOLDER);
    }
    if (failure.kind() == Kind.NOT_FOUND && temporary) {
      return Optional.of("Create" + OTHER_FOLDER);
    }
    if (FileFailure.isUnspellable(failure.getCause())) {
      return Optional.of(LocaleNames.ADVICE);
    }
    return FileFailure.isOfTheDevice(failure.getCause())
        ? Optional.of(
            "The disk or file system reported an input/output error; check it (dmesg, smartctl).")
        : Optional.empty();
  }
}
