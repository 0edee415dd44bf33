package dev.openmemory.backup;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one failure that this library throws: what was tried, where, and what {@link Kind} of thing
 * went wrong.
 *
 * <p>Branch on {@link #kind()}, never on the text. The text states facts only; advice is left to
 * the program that talks to a person. Locations are redacted before they come here, so a message
 * may be logged.
 */
public class BackupException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, in the terms that a caller can act on. */
  public enum Kind {
    /** The request itself is wrong: a bad name, an unknown option, a contradiction. */
    INVALID,
    /** The object, backup or file does not exist. */
    NOT_FOUND,
    /** The name is taken and replacing was not asked for. */
    ALREADY_EXISTS,
    /** The operating system or the store refuses access. */
    DENIED,
    /** The data is encrypted, and no key or passphrase was given that could open it. */
    NO_KEY,
    /** The data is encrypted, and the given keys or the passphrase do not open it. */
    WRONG_KEY,
    /** No space or quota is left. */
    NO_SPACE,
    /** Bytes are not what they should be: a digest, a structure or an integrity check failed. */
    CORRUPT,
    /**
     * Each part is sound but they do not belong together, such as active memories beside an empty
     * vector store.
     */
    INCONSISTENT,
    /** The request is valid but this store, source or format version cannot honour it. */
    UNSUPPORTED,
    /** The store or service cannot be reached now; trying again may help. */
    UNAVAILABLE,
    /** Something did not answer within its time; trying again may help. */
    TIMEOUT,
    /** Another process or run holds what is needed. */
    LOCKED,
    /** The caller cancelled, or the thread was interrupted. */
    CANCELLED,
    /** A restore failed and everything is as it was before. */
    ROLLED_BACK,
    /**
     * A restore failed and could not be undone completely; the message says where the old state is.
     */
    NOT_ROLLED_BACK,
    /** Any other input or output error. */
    FAILED;

    /** A failure of this kind that nothing below caused; see the constructor. */
    public BackupException failure(String operation, String location, String fact) {
      return new BackupException(this, operation, location, fact);
    }

    /** A failure of this kind; see the constructor. */
    public BackupException failure(
        String operation, String location, String fact, @Nullable Throwable cause) {
      return new BackupException(this, operation, location, fact, cause);
    }

    /** Whether the same request may succeed when it is simply repeated. */
    public boolean isTransient() {
      return this == UNAVAILABLE || this == TIMEOUT;
    }
  }

  private final Kind kind;
  private final String operation;
  private final String location;

  /**
   * Creates a failure.
   *
   * @param kind what went wrong
   * @param operation what was tried, as a verb: "write", "list", "integrity check"
   * @param location the redacted place, such as {@code file:/backups/a/manifest.json}; may be empty
   * @param message what happened, as a fact without advice and without secrets
   * @param cause the failure below this one, or null when this is the first to notice
   */
  public BackupException(
      Kind kind, String operation, String location, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind);
    this.operation = Objects.requireNonNull(operation);
    this.location = Objects.requireNonNull(location);
  }

  /** Creates a failure that nothing below caused. */
  public BackupException(Kind kind, String operation, String location, String message) {
    this(kind, operation, location, message, null);
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** What was tried. */
  public String operation() {
    return operation;
  }

  /** Where, redacted; may be empty. */
  public String location() {
    return location;
  }

  /** The fact alone, without operation and location. */
  public String fact() {
    return Objects.requireNonNullElse(super.getMessage(), kind.name());
  }

  /**
   * Throws this failure when it is of kind {@code CANCELLED}, for code that continues after other
   * failures.
   *
   * @throws BackupException this
   */
  public void throwIfCancelled() throws BackupException {
    if (kind == Kind.CANCELLED) {
      throw this;
    }
  }

  @Override
  public String getMessage() {
    return location.isEmpty()
        ? operation + ": " + fact()
        : operation + " " + location + ": " + fact();
  }
}
