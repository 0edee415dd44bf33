package dev.openmemory.backup.internal.sqlite;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Says what a failure of SQLite means. */
public final class SqliteFailure {
  private static final int PRIMARY = 0xff;

  private SqliteFailure() {}

  public static BackupException of(String operation, String location, SQLException failure) {
    int code = failure.getErrorCode();
    return new BackupException(kind(code), operation, location, fact(code), failure);
  }

  /** The failure of that code of SQLite. */
  public static BackupException of(String operation, String location, int code) {
    return new BackupException(kind(code), operation, location, fact(code));
  }

  /** The text of SQLite for the code; the driver's own text may quote SQL and so data. */
  private static String fact(int code) {
    SQLiteErrorCode exact = SQLiteErrorCode.getErrorCode(code);
    String text = isFull(code) ? "No space is left on its disk" : exact.message;
    return text + " (" + exact.name() + ")";
  }

  /** Whether no space is left where SQLite writes. */
  public static boolean isFull(int code) {
    return kind(code) == Kind.NO_SPACE;
  }

  /** Whether another program has the database locked. */
  public static boolean isBusy(SQLException failure) {
    return kind(failure.getErrorCode()) == Kind.LOCKED;
  }

  /** Whether the file is something else. */
  public static boolean isNoDatabase(SQLException failure) {
    return failure.getErrorCode() == SQLiteErrorCode.SQLITE_NOTADB.code;
  }

  /** Whether the file could perhaps be read if it were opened in another way. */
  public static boolean isAccess(SQLException failure) {
    return kind(failure.getErrorCode()) == Kind.DENIED;
  }

  private static Kind kind(int code) {
    return switch (SQLiteErrorCode.getErrorCode(code & PRIMARY)) {
      case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT -> Kind.CORRUPT;
      case SQLITE_BUSY, SQLITE_LOCKED -> Kind.LOCKED;
      case SQLITE_FULL -> Kind.NO_SPACE;
      case SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_AUTH -> Kind.DENIED;
      case SQLITE_INTERRUPT -> Kind.CANCELLED;
      default -> Kind.FAILED;
    };
  }
}
