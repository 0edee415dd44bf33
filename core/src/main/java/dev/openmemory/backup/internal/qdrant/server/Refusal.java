package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import java.util.Locale;

/** An answer of a server that is no success, with the words of the server. */
final class Refusal extends BackupException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String words;

  private Refusal(
      Kind kind, String operation, String location, String fact, int status, String words) {
    super(kind, operation, location, fact);
    this.status = status;
    this.words = words;
  }

  static Refusal of(String operation, String location, int status, String words) {
    return of(kind(status, words), operation, location, status, words);
  }

  private static Refusal of(
      Kind kind, String operation, String location, int status, String words) {
    String fact = "refused with status " + status + (words.isEmpty() ? "" : ": " + words);
    return new Refusal(kind, operation, location, fact, status, words);
  }

  /** The same as what it means for a snapshot that is to be taken over. */
  Refusal ofRestore() {
    return of(restoreKind(), operation(), location(), status, words);
  }

  boolean is(int other) {
    return status == other;
  }

  /** Whether the collection is unreadable for the moment in which its contents are replaced. */
  boolean isForNow() {
    return status == 500 && says("local shard") && says("not found");
  }

  /** Whether a proxy gave up waiting for the server, which continues. */
  boolean isLost() {
    return status == 408 || status == 502 || status == 504;
  }

  private static Kind kind(int status, String words) {
    return switch (status) {
      case 400, 405, 413, 415, 422 -> Kind.INVALID;
      case 401, 403 -> Kind.DENIED;
      case 404 -> Kind.NOT_FOUND;
      case 408, 504 -> Kind.TIMEOUT;
      case 409 -> Kind.ALREADY_EXISTS;
      case 429, 502, 503 -> Kind.UNAVAILABLE;
      case 507 -> Kind.NO_SPACE;
      default -> isFull(words) ? Kind.NO_SPACE : Kind.FAILED;
    };
  }

  // Recorded from Qdrant 1.18.3. "Snapshot is not compatible with existing collection: ..." is
  // about another vectors config or number of shards; "Checksum mismatch: ..." and "Snapshot
  // checksum mismatch: ..." name the two digests in one order or the other, so only the first
  // words count. A damaged tar is 500 "... File IO error: failed to unpack ...", "... failed to
  // open file ... config.json" or "... Malformed tar archive ...".
  private Kind restoreKind() {
    if (status == 400 && says("compatible")) {
      return Kind.INCONSISTENT;
    }
    if (status == 400 && says("checksum mismatch")) {
      return Kind.CORRUPT;
    }
    if (status == 400 && says("does not exist")) {
      return Kind.NOT_FOUND;
    }
    if (status == 500 && kind() == Kind.FAILED && saysDamaged()) {
      return Kind.CORRUPT;
    }
    return kind();
  }

  private boolean saysDamaged() {
    return says("failed to unpack") || says("tar archive") || says("config.json");
  }

  private static boolean isFull(String words) {
    String text = words.toLowerCase(Locale.ROOT);
    return text.contains("no space left") || text.contains("os error 28");
  }

  private boolean says(String part) {
    return words.toLowerCase(Locale.ROOT).contains(part);
  }
}
