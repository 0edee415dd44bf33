package dev.openmemory.backup.internal.file;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what a failure of the local file system means. */
public final class FileFailure {
  /** With less than this a file system counts as full: writes have about this size. */
  private static final long FULL_BELOW_BYTES = 128 * 1024;

  private static final String INPUT_OUTPUT_ERROR = "Input/output error";

  /**
   * What no state of the file system shows afterwards. These texts are English; in other languages
   * such a failure is known by the state of its place, else {@code FAILED}.
   */
  private static final Map<String, Kind> BY_TEXT_ALONE =
      Map.of(
          INPUT_OUTPUT_ERROR,
          Kind.FAILED,
          "Too many open files",
          Kind.FAILED,
          "File name too long",
          Kind.UNSUPPORTED,
          "File too large",
          Kind.UNSUPPORTED,
          "Stale file handle",
          Kind.UNAVAILABLE,
          "Host is down",
          Kind.UNAVAILABLE,
          "Transport endpoint is not connected",
          Kind.UNAVAILABLE,
          "Connection timed out",
          Kind.TIMEOUT);

  /**
   * The last resort where the place looks well: quotas and used-up inodes do not show in the free
   * space, and a file may be immutable in a directory that is not.
   */
  private static final Map<String, Kind> BY_TEXT_AT_LAST =
      Map.of(
          "No space left", Kind.NO_SPACE,
          "quota exceeded", Kind.NO_SPACE,
          "Read-only file system", Kind.DENIED,
          "Operation not permitted", Kind.DENIED);

  private FileFailure() {}

  /** The failure as ours; one that is ours already stays as it is. */
  public static BackupException of(String operation, Path place, IOException failure) {
    if (failure instanceof BackupException ours) {
      return ours;
    }
    boolean samePlace =
        failure instanceof FileSystemException file && place.toString().equals(file.getFile());
    String fact = samePlace ? reason(failure) : fact(failure);
    return new BackupException(kind(place, failure), operation, place.toString(), fact, failure);
  }

  /** The same of a place that need not be one of the file system. */
  static BackupException of(String operation, String place, IOException failure) {
    if (failure instanceof BackupException ours) {
      return ours;
    }
    return new BackupException(kind(failure), operation, place, fact(failure), failure);
  }

  private static Kind kind(IOException failure) {
    if (failure instanceof FileSystemException file && file.getFile() != null) {
      try {
        return kind(Path.of(file.getFile()), failure);
      } catch (InvalidPathException e) {
        return byType(failure).orElse(Kind.FAILED);
      }
    }
    return byType(failure).orElse(Kind.FAILED);
  }

  /** A name that is no path here, as ours. */
  public static BackupException ofName(
      String operation, String location, String name, InvalidPathException failure) {
    return isUnspellable(failure)
        ? Kind.UNSUPPORTED.failure(
            operation,
            location,
            "the character encoding of this process cannot spell the name '" + name + "'",
            failure)
        : Kind.INVALID.failure(operation, location, "not a path", failure);
  }

  /** Whether a name has characters that the encoding of this process lacks. */
  public static boolean isUnspellable(@Nullable Throwable failure) {
    return failure instanceof InvalidPathException path
        && path.getReason().startsWith("Malformed input");
  }

  /** What kind of failure it is. Looks at the place where its type does not say. */
  public static Kind kind(Path place, IOException failure) {
    return byType(failure)
        .orElseGet(
            () -> isOfTheSystem(failure) ? kindOfTheSystem(place, reason(failure)) : Kind.FAILED);
  }

  private static Optional<Kind> byType(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return Optional.of(Kind.DENIED);
    }
    if (failure instanceof NoSuchFileException) {
      return Optional.of(Kind.NOT_FOUND);
    }
    if (failure instanceof FileAlreadyExistsException) {
      return Optional.of(Kind.ALREADY_EXISTS);
    }
    if (failure instanceof NotDirectoryException) {
      return Optional.of(Kind.UNSUPPORTED);
    }
    if (failure instanceof SocketTimeoutException) {
      return Optional.of(Kind.TIMEOUT);
    }
    return isInterrupt(failure) ? Optional.of(Kind.CANCELLED) : Optional.empty();
  }

  private static boolean isInterrupt(IOException failure) {
    return failure instanceof ClosedByInterruptException
        || failure instanceof FileLockInterruptionException
        || (failure instanceof InterruptedIOException
            && !(failure instanceof SocketTimeoutException));
  }

  /** The JDK throws these two for an error code that it has no type for. */
  private static boolean isOfTheSystem(IOException failure) {
    return failure.getClass() == IOException.class
        || failure.getClass() == FileSystemException.class;
  }

  private static Kind kindOfTheSystem(Path place, String text) {
    // First: a disk that reports such an error is often made read-only by the kernel.
    Kind alone = byText(BY_TEXT_ALONE, text);
    if (alone != null) {
      return alone;
    }
    Path there = Disk.nearestExisting(place.toAbsolutePath());
    if (!Files.isWritable(there)) {
      return Kind.DENIED;
    }
    if (usableBytes(there) < FULL_BELOW_BYTES) {
      return Kind.NO_SPACE;
    }
    return Objects.requireNonNullElse(byText(BY_TEXT_AT_LAST, text), Kind.FAILED);
  }

  private static @Nullable Kind byText(Map<String, Kind> kinds, String text) {
    for (Map.Entry<String, Kind> kind : kinds.entrySet()) {
      if (text.contains(kind.getKey())) {
        return kind.getValue();
      }
    }
    return null;
  }

  private static long usableBytes(Path there) {
    try {
      return Files.getFileStore(there).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Whether the disk or its driver reported the failure, which only the system's text says. */
  public static boolean isOfTheDevice(@Nullable Throwable failure) {
    return failure instanceof IOException io
        && isOfTheSystem(io)
        && reason(io).contains(INPUT_OUTPUT_ERROR);
  }

  /** What happened, without operation and place. */
  public static String fact(IOException failure) {
    return failure instanceof FileSystemException file && file.getFile() != null
        ? file.getFile() + ": " + reason(failure)
        : reason(failure);
  }

  /** What happened, without any path. */
  public static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "exists already";
    }
    if (failure instanceof AccessDeniedException) {
      return "access denied";
    }
    if (failure instanceof NotDirectoryException) {
      return "is not a directory";
    }
    if (isInterrupt(failure)) {
      return "interrupted";
    }
    String text =
        failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
    return text == null ? failure.getClass().getSimpleName() : text;
  }
}
