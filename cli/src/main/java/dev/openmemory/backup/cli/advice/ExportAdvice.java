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
              ? Optional.of("Name one of the users with --user ID: an export is for one of them.")
              : Optional.empty();
      case "export" ->
          switch (kind) {
            case ALREADY_EXISTS ->
                Optional.of("Name another FILE; one that exists is never overwritten.");
            case INVALID ->
                Optional.of(
                    "Name a FILE that ends with .tar, .tar.gz or .tar.zst, or say --format openmemory"
                        + " and --user; for standard output leave --json out (--json=false).");
            case NOT_FOUND ->
                Optional.of(
                    "'openmemory-backup list' shows what is in each backup: the export needs one"
                        + " with a database, and the folder of FILE has to exist.");
            default -> Optional.empty();
          };
      case "load zstd", "unzstd" ->
          kind == Kind.UNSUPPORTED
              ? Optional.of(
                  "The zstd program can do it: openmemory-backup export NAME - | zstd > FILE, and"
                      + " zstd -dc --long=31 FILE | openmemory-backup import -")
              : Optional.of("Nothing of it was kept. Make or carry the archive once more.");
      case "import" ->
          switch (kind) {
            case ALREADY_EXISTS ->
                Optional.of("Give it another name with --as NAME, or name another --target.");
            case CORRUPT ->
                Optional.of("Nothing of it was kept. Make or carry the archive once more.");
            case INVALID -> Optional.of("Name the one backup after FILE when you use --as.");
            case NOT_FOUND ->
                Optional.of("FILE has to exist; 'tar tf FILE' shows which backups are in it.");
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }
}
