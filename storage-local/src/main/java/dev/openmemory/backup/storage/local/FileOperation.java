package dev.openmemory.backup.storage.local;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;

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
    Kind kind = kind(e);
    if (kind == Kind.CANCELLED) {
      Thread.currentThread().interrupt();
      return cancelled(e);
    }
    return new BackupException(kind, verb, location, fact(e), e);
  }

  BackupException failure(Kind kind, String fact) {
    return new BackupException(kind, verb, location, fact);
  }

  /** Notices an interrupt before calls that would not. */
  void checkInterrupt() throws BackupException {
    if (Thread.currentThread().isInterrupted()) {
      throw failure(Kind.CANCELLED, "interrupted");
    }
  }

  private BackupException cancelled(IOException cause) {
    return new BackupException(Kind.CANCELLED, verb, location, "interrupted", cause);
  }

  private Kind kind(IOException e) {
    if (e instanceof ClosedByInterruptException
        || e instanceof FileLockInterruptionException
        || e instanceof InterruptedIOException) {
      return Kind.CANCELLED;
    }
    if (e instanceof NoSuchFileException) {
      return Kind.NOT_FOUND;
    }
    if (e instanceof FileAlreadyExistsException) {
      return Kind.ALREADY_EXISTS;
    }
    if (e instanceof AccessDeniedException) {
      return Kind.DENIED;
    }
    if (e instanceof NotDirectoryException) {
      return Kind.UNSUPPORTED;
    }
    return switch (reason(e)) {
      case "No space left on device", "Disk quota exceeded" -> Kind.NO_SPACE;
      case "Read-only file system", "Operation not permitted" -> Kind.DENIED;
      case "Not a directory", "Is a directory", "File name too long", "File too large" ->
          Kind.UNSUPPORTED;
      case "Stale file handle", "Host is down", "Transport endpoint is not connected" ->
          Kind.UNAVAILABLE;
      case "Connection timed out" -> Kind.TIMEOUT;
      default -> verb.equals("write") ? kindByStore() : Kind.FAILED;
    };
  }

  /** The C library words its errors in the user's language, so its text may be unknown here. */
  private Kind kindByStore() {
    try {
      FileStore store = Files.getFileStore(Directories.nearestExisting(path));
      if (store.isReadOnly()) {
        return Kind.DENIED;
      }
      return store.getUsableSpace() < LocalBackupTarget.BUFFER_BYTES ? Kind.NO_SPACE : Kind.FAILED;
    } catch (IOException e) {
      return Kind.FAILED;
    }
  }

  private static String fact(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "exists already";
    }
    if (e instanceof AccessDeniedException) {
      return "access denied";
    }
    if (e instanceof NotDirectoryException) {
      return "is not a directory";
    }
    return reason(e);
  }

  private static String reason(IOException e) {
    String text = e instanceof FileSystemException files ? files.getReason() : e.getMessage();
    return Objects.requireNonNullElse(text, e.getClass().getSimpleName());
  }
}
