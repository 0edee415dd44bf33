package dev.openmemory.backup.storage.sftp.internal.session;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;

/** The one place where failures of a server become ours. */
final class SftpFailures {
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\p{Print}]+");
  private static final int LONGEST_MESSAGE = 300;

  /** Less than any file system leaves unused when it is full. */
  private static final long AS_GOOD_AS_FULL = 64 * 1024;

  private SftpFailures() {}

  private record Finding(Kind kind, String fact) {}

  /**
   * The failure of the operation.
   *
   * @param files to ask why, as version 3 of the protocol has no code for most reasons; null when
   *     the server cannot be asked
   */
  static BackupException translate(
      SftpOperation operation, IOException e, @Nullable RemoteFiles files) {
    if (e instanceof BackupException ours) {
      return ours;
    }
    if (e instanceof InterruptedIOException) {
      Thread.currentThread().interrupt();
      return of(operation, new Finding(Kind.CANCELLED, "interrupted"), e);
    }
    if (e instanceof LinkException link) {
      Kind kind = link.isSilent() ? Kind.TIMEOUT : Kind.UNAVAILABLE;
      return of(operation, new Finding(kind, tidy(e)), e);
    }
    return of(
        operation, e instanceof SFTPException s ? ofStatus(operation, s, files) : other(e), e);
  }

  private static BackupException of(SftpOperation operation, Finding finding, IOException e) {
    return finding.kind().failure(operation.verb(), operation.location(), finding.fact(), e);
  }

  private static Finding other(IOException e) {
    return new Finding(Kind.FAILED, tidy(e));
  }

  private static Finding ofStatus(
      SftpOperation operation, SFTPException e, @Nullable RemoteFiles files) {
    return switch (e.getStatusCode()) {
      case NO_SUCH_FILE, NO_SUCH_PATH -> new Finding(Kind.NOT_FOUND, "does not exist");
      case PERMISSION_DENIED ->
          new Finding(Kind.DENIED, "the server denies access to " + place(operation, e));
      case WRITE_PROTECT -> new Finding(Kind.DENIED, place(operation, e) + " is read-only");
      case FILE_ALREADY_EXISTS -> new Finding(Kind.ALREADY_EXISTS, "exists already");
      case NO_SPACE_ON_FILESYSTEM, QUOTA_EXCEEDED -> noSpace(operation, e, files);
      case OP_UNSUPPORTED -> new Finding(Kind.UNSUPPORTED, "the server cannot do this: " + tidy(e));
      case NO_CONNECTION, CONNECITON_LOST -> new Finding(Kind.UNAVAILABLE, tidy(e));
      default -> ofFailure(operation, e, files);
    };
  }

  private static String place(SftpOperation operation, SFTPException e) {
    boolean write = operation.verb().equals("write");
    String path = operation.path();
    return (write ? "the directory " + RemoteTree.parent(path) : path) + " (" + tidy(e) + ")";
  }

  /** A full disk, a quota and much else are one code, and at most a word. */
  private static Finding ofFailure(
      SftpOperation operation, SFTPException e, @Nullable RemoteFiles files) {
    String text = tidy(e).toLowerCase(Locale.ROOT);
    if (text.contains("quota") || text.contains("no space")) {
      return noSpace(operation, e, files);
    }
    if (text.contains("read-only")) {
      return new Finding(Kind.DENIED, place(operation, e) + " is read-only");
    }
    Optional<FileSystemFacts> facts = space(operation, files);
    if (operation.verb().equals("write") && facts.isPresent()) {
      if (facts.get().readOnly()) {
        return new Finding(Kind.DENIED, place(operation, e) + " is on a read-only file system");
      }
      if (facts.get().usableBytes() < AS_GOOD_AS_FULL || facts.get().usableFiles() == 0) {
        return noSpace(operation, e, files);
      }
    }
    return new Finding(Kind.FAILED, "the server refuses: " + tidy(e));
  }

  private static Finding noSpace(
      SftpOperation operation, SFTPException e, @Nullable RemoteFiles files) {
    String left =
        space(operation, files)
            .map(f -> "; " + f.usableBytes() + " bytes and " + f.usableFiles() + " files are free")
            .orElse("");
    return new Finding(Kind.NO_SPACE, "no space left on the server (" + tidy(e) + ")" + left);
  }

  private static Optional<FileSystemFacts> space(
      SftpOperation operation, @Nullable RemoteFiles files) {
    if (files == null) {
      return Optional.empty();
    }
    try {
      return files.fileSystem(operation.path());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A server may say anything. */
  static String tidy(IOException e) {
    String text = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    String line = UNPRINTABLE.matcher(text).replaceAll(" ").strip();
    return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "...";
  }
}
