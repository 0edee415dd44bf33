package dev.openmemory.backup.internal.sqlite;

/** Ids of rows: 32 hex digits in the database, dashed where others read them. */
public final class StoredId {
  private static final int DIGITS = 32;

  private StoredId() {}

  /**
   * SQL for the id in a column as 32 lower-case digits, so that ids can be compared whatever wrote
   * them; anything else where there is none.
   */
  public static String sql(String column) {
    return Sql.of("lower(replace(coalesce(%s, ''), '-', ''))", text(column));
  }

  /** SQL for the id in a column as it was written. */
  static String text(String column) {
    // A column of type UUID has numeric affinity: an id that is all decimal digits became a number.
    return Sql.of(
        "CASE typeof(%1$s) WHEN 'integer' THEN printf('%%032d', %1$s) ELSE %1$s END", column);
  }

  /** SQL for whether that expression is 32 digits. */
  public static String isValid(String sql) {
    return Sql.of("length(%1$s) = %2$d AND (%1$s) NOT GLOB '*[^0-9a-f]*'", sql, DIGITS);
  }

  /** With dashes when it is 32 digits, else as it is. */
  public static String dashed(String digits) {
    return digits.length() != DIGITS
        ? digits
        : String.join(
            "-",
            digits.substring(0, 8),
            digits.substring(8, 12),
            digits.substring(12, 16),
            digits.substring(16, 20),
            digits.substring(20));
  }

  /** Without dashes. */
  public static String digits(String dashed) {
    return dashed.replace("-", "");
  }
}
