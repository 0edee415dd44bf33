package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is being tried, where, so that a failure can say so.
 *
 * @param verb the verb of the SPI
 * @param location of the object or of the whole target, for messages
 * @param path the file or the root directory
 */
record FileOperation(String verb, String location, Path path) {
  /** The one place where failures of the file system become ours. */
  BackupException failure(IOException e) {
    if (e instanceof BackupException ours) {
      return ours;
    }
    Kind kind = FileFailure.kind(path, e);
    if (kind == Kind.CANCELLED) {
      Thread.currentThread().interrupt();
    }
    // A name and the same name followed by a slash cannot both be there.
    boolean folderInPlace = kind == Kind.FAILED && verb.equals("write") && Files.isDirectory(path);
    return new BackupException(
        folderInPlace ? Kind.UNSUPPORTED : kind, verb, location, FileFailure.reason(e), e);
  }

  BackupException failure(Kind kind, String fact) {
    return kind.failure(verb, location, fact);
  }

  /** Notices an interrupt before calls that would not. */
  void checkInterrupt() throws BackupException {
    if (Thread.currentThread().isInterrupted()) {
      throw failure(Kind.CANCELLED, "interrupted");
    }
  }
}
