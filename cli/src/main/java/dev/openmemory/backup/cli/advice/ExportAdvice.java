package dev.openmemory.backup.cli.advice;

import dev.openmemory.backup.BackupException.Kind;
import java.util.Optional;

/** What a person can do about an export or an import that failed. */
final class ExportAdvice {
  private ExportAdvice() {}

  static Optional<String> on(Kind kind, String operation) {
    return switch (operation) {
      case "choose user" ->
          kind == Kind.INVALID || kind == Kind.NOT_FOUND
              ? Optional.of("Choose one user with --user ID.")
              : Optional.empty();
      case "export" ->
          switch (kind) {
            case ALREADY_EXISTS ->
                Optional.of("Name another FILE; an existing file is never overwritten.");
            case INVALID ->
                Optional.of(
                    "Name a FILE that ends with .tar, .tar.gz or .tar.zst, or give --format"
                        + " openmemory and --user; for standard output leave --json out (--json=false).");
            case NOT_FOUND ->
                Optional.of(
                    "'openmemory-backup list' shows the contents of each backup: the export"
                        + " needs a backup with a database, and the folder of FILE must exist.");
            default -> Optional.empty();
          };
      case "write memories" ->
          switch (kind) {
            case ALREADY_EXISTS ->
                Optional.of("Name another FILE; an existing file is never overwritten.");
            case INVALID ->
                Optional.of(
                    "Name a FILE that ends with .html, .md, .csv or .jsonl, or give --as FORMAT; for"
                        + " standard output leave --json out (--json=false).");
            default -> Optional.empty();
          };
      case "find memory" ->
          kind == Kind.NOT_FOUND || kind == Kind.INVALID
              ? Optional.of(
                  "'openmemory-backup memories list NAME' shows the memories of a backup with the"
                      + " beginnings of their ids; --long shows whole ids.")
              : Optional.empty();
      case "load zstd", "unzstd" ->
          kind == Kind.UNSUPPORTED
              ? Optional.of(
                  "The zstd program can do it: openmemory-backup export NAME - | zstd > FILE, and"
                      + " zstd -dc --long=31 FILE | openmemory-backup import -")
              : Optional.of("Nothing was imported. Create or copy the archive again.");
      case "import" ->
          switch (kind) {
            case ALREADY_EXISTS ->
                Optional.of(
                    "Import it under another name with --as NAME, or use another --target.");
            case CORRUPT -> Optional.of("Nothing was imported. Create or copy the archive again.");
            case INVALID -> Optional.of("With --as, name one backup after FILE.");
            case NOT_FOUND ->
                Optional.of("FILE must exist; 'tar tf FILE' shows which backups it contains.");
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }
}
