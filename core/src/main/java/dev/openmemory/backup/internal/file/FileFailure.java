package dev.openmemory.backup.internal.file;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Says what a failure of the local file system means. */
public final class FileFailure {
  private FileFailure() {}

  /** The failure as ours; one that is ours already stays as it is. */
  public static BackupException of(String operation, Path place, IOException failure) {
    if (failure instanceof BackupException ours) {
      return ours;
    }
    return new BackupException(kind(failure), operation, place.toString(), fact(failure), failure);
  }

  private static Kind kind(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return Kind.DENIED;
    }
    if (failure instanceof NoSuchFileException) {
      return Kind.NOT_FOUND;
    }
    if (failure instanceof ClosedByInterruptException
        || failure instanceof FileLockInterruptionException
        || failure instanceof InterruptedIOException) {
      return Kind.CANCELLED;
    }
    // The JDK has no type for a full disk, only the text of the operating system.
    String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space left") || text.contains("quota exceeded")) {
      return Kind.NO_SPACE;
    }
    return Kind.FAILED;
  }

  /** What happened, without operation and place. */
  public static String fact(IOException failure) {
    String type = failure.getClass().getSimpleName();
    if (failure instanceof FileSystemException file) {
      String reason = file.getReason() == null ? type : file.getReason();
      return file.getFile() == null ? reason : file.getFile() + ": " + reason;
    }
    return failure.getMessage() == null ? type : failure.getMessage();
  }
}
