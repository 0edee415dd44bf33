package dev.openmemory.backup.cli.command.memories;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.HomeFolder;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.TrialOptions;
import dev.openmemory.backup.cli.terminal.Terminal;
import dev.openmemory.backup.drill.DrillRequest;
import dev.openmemory.backup.memories.MemoriesReport;
import dev.openmemory.backup.memories.MemoryFormat;
import dev.openmemory.backup.memories.MemoryQuery;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = "Write memories of a backup for people or for other programs.")
final class MemoriesExportCommand implements Callable<Integer> {
  private static final String OPERATION = "write memories";
  private static final String STANDARD_OUTPUT = "-";

  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The backup, or 'latest'.")
  String name = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write; '-' is standard output.")
  String file = "";

  @Option(
      names = "--as",
      paramLabel = "FORMAT",
      description =
          "html: one page with a search field. markdown: a text. csv: a table for a spreadsheet."
              + " jsonl: one JSON object in each line. (Default: as FILE ends.)")
  @Nullable MemoryFormat format;

  @Mixin MemoryFilter filter = new MemoryFilter();

  @Option(
      names = "--with-vectors",
      description = "Of jsonl: write payload and vectors of each memory too.")
  boolean withVectors;

  @Mixin private TrialOptions openers = new TrialOptions();

  MemoriesExportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    boolean toOutput = file.equals(STANDARD_OUTPUT);
    if (toOutput && session.options().json) {
      throw Kind.INVALID.failure(OPERATION, "", "standard output holds either the file or JSON");
    }
    MemoryFormat chosen = format == null ? named() : format;
    if (withVectors && chosen != MemoryFormat.JSONL) {
      throw Kind.INVALID.failure(OPERATION, "", "--with-vectors needs --as jsonl");
    }
    Optional<DrillRequest> vectors =
        withVectors ? Optional.of(openers.request(session, OPERATION)) : Optional.empty();
    MemoryQuery query = filter.at(session.host().clock());
    return session.withBackups(
        (backups, location) -> {
          BackupName backup = session.find(backups, location, name).name();
          return toOutput
              ? toOutput(backups, backup, query, chosen, vectors)
              : toFile(backups, backup, query, chosen, vectors);
        });
  }

  private MemoryFormat named() throws BackupException {
    String lower = file.toLowerCase(Locale.ROOT);
    for (MemoryFormat each : MemoryFormat.values()) {
      if (lower.endsWith("." + text(each))
          || (each == MemoryFormat.MARKDOWN && lower.endsWith(".md"))) {
        return each;
      }
    }
    throw Kind.INVALID.failure(
        OPERATION,
        "",
        "'"
            + file
            + "' ends neither with .html nor with .md, .csv or .jsonl, and --as is not given");
  }

  private int toFile(
      Backups backups,
      BackupName backup,
      MemoryQuery query,
      MemoryFormat chosen,
      Optional<DrillRequest> vectors)
      throws IOException {
    Path path = HomeFolder.path(file).toAbsolutePath().normalize();
    MemoriesReport report =
        vectors.isPresent()
            ? backups.writeMemoriesWithVectors(backup, query, vectors.get(), path)
            : backups.writeMemories(backup, query, chosen, path);
    session.terminal().result(written(report, chosen, path.toString()));
    return ExitCodes.OK;
  }

  private int toOutput(
      Backups backups,
      BackupName backup,
      MemoryQuery query,
      MemoryFormat chosen,
      Optional<DrillRequest> vectors)
      throws IOException {
    Terminal terminal = session.terminal();
    BufferedOutputStream out = new BufferedOutputStream(terminal.bytes());
    MemoriesReport report =
        vectors.isPresent()
            ? backups.writeMemoriesWithVectors(backup, query, vectors.get(), out)
            : backups.writeMemories(backup, query, chosen, out);
    if (!terminal.arrived()) {
      throw Kind.FAILED.failure(OPERATION, "", "standard output did not take all of it");
    }
    terminal.error(written(report, chosen, STANDARD_OUTPUT));
    return ExitCodes.OK;
  }

  private String written(MemoriesReport report, MemoryFormat chosen, String place) {
    return session.memoryRenderer(false).written(report, text(chosen), place);
  }

  private static String text(MemoryFormat format) {
    return format.name().toLowerCase(Locale.ROOT);
  }
}
