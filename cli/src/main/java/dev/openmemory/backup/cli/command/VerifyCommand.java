package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupSummary;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.output.text.TextRenderer;
import dev.openmemory.backup.cli.settings.InstallationFinder;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.OpenTargets.OpenTarget;
import dev.openmemory.backup.cli.settings.QdrantOptions;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.VectorsChoice;
import dev.openmemory.backup.verify.CrossCheck;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = "Read every byte of a backup and compare digests and structure.")
final class VerifyCommand implements Callable<Integer> {
  private static final Set<Kind> OF_KEYS = Set.of(Kind.NO_KEY, Kind.WRONG_KEY, Kind.UNSUPPORTED);

  private final Session session;
  private final Set<BackupName> unopened = new HashSet<>();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The backup (default: latest).")
  @Nullable String name;

  @Option(names = "--all", description = "All backups of the target.")
  boolean all;

  @Option(
      names = "--cross-check",
      description =
          "Compare its memories, by id, with the vectors in a running Qdrant: the one"
              + " of this installation, or one that the backup was restored to.")
  boolean crossCheck;

  @Option(
      names = "--content",
      description = "With --cross-check: compare the texts of the memories too, by hash.")
  boolean content;

  @Mixin private QdrantOptions server = new QdrantOptions();

  VerifyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    if (all && name != null) {
      throw Kind.INVALID.failure("verify", name, "either a name or --all can be given");
    }
    if (content && !crossCheck) {
      throw Kind.INVALID.failure("verify", "", "--content needs --cross-check");
    }
    return session.withTargets(
        List.of(session.options().targetLocation()), opened -> verify(opened.get(0)));
  }

  private int verify(OpenTarget target) throws IOException {
    Backups backups = target.backups();
    List<VerifyReport> reports = new ArrayList<>();
    for (BackupSummary backup : chosen(backups, target.target().location())) {
      reports.add(verify(target, backup.name()));
    }
    Map<BackupName, CrossCheck> compared = compared(backups, reports);
    session.terminal().result(session.renderer().verified(reports, compared));
    if (!reports.stream().allMatch(VerifyReport::ok)) {
      return ExitCodes.VERIFICATION_FAILED;
    }
    if (!unopened.isEmpty()) {
      return ExitCodes.of(Kind.WRONG_KEY);
    }
    return compared.values().stream().allMatch(CrossCheck::everyMemoryHasItsVector)
        ? ExitCodes.OK
        : ExitCodes.WARNINGS;
  }

  /** Among all backups, one that the keys do not open does not end the look at the others. */
  private VerifyReport verify(OpenTarget target, BackupName backup) throws IOException {
    try {
      return target.backups().verify(backup);
    } catch (BackupException e) {
      if (!all || !session.hasIdentity() || !OF_KEYS.contains(e.kind())) {
        throw e;
      }
      unopened.add(backup);
      session.terminal().note("warning: " + e.getMessage());
      return target.keyless().verify(backup);
    }
  }

  /** What is not sound is not compared. */
  private Map<BackupName, CrossCheck> compared(Backups backups, List<VerifyReport> reports)
      throws IOException {
    Map<BackupName, CrossCheck> compared = new LinkedHashMap<>();
    if (crossCheck) {
      Installation running = running();
      for (VerifyReport report : reports) {
        if (report.ok() && !unopened.contains(report.name())) {
          compared.put(
              report.name(),
              content
                  ? backups.crossCheckWithTexts(report.name(), running)
                  : backups.crossCheck(report.name(), running));
        }
      }
    }
    return compared;
  }

  private Installation running() throws IOException {
    InstallationOptions vectors = new InstallationOptions();
    vectors.only.add(Component.VECTORS);
    vectors.server = server;
    VectorsChoice choice = VectorsChoice.forBackup(vectors);
    return new InstallationFinder(session, vectors, choice, true).find().installation();
  }

  private List<BackupSummary> chosen(Backups backups, String location) throws IOException {
    if (!all) {
      return List.of(session.find(backups, location, name == null ? Session.LATEST : name));
    }
    List<BackupSummary> present = session.list(backups);
    if (present.isEmpty()) {
      // "All are sound" about nothing is what a monitor must not hear when the disk is not mounted.
      throw Kind.NOT_FOUND.failure(
          "find backup", location, "No backups in " + TextRenderer.place(location) + ".");
    }
    return present;
  }
}
