package dev.openmemory.backup.cli.command;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.Compression;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Quiesce;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.cli.hook.RunFacts;
import dev.openmemory.backup.cli.hook.RunHooks;
import dev.openmemory.backup.cli.output.AfterBackup;
import dev.openmemory.backup.cli.output.ExitCodes;
import dev.openmemory.backup.cli.settings.EngineOptions;
import dev.openmemory.backup.cli.settings.HomeFolder;
import dev.openmemory.backup.cli.settings.InstallationFinder;
import dev.openmemory.backup.cli.settings.InstallationOptions;
import dev.openmemory.backup.cli.settings.LiveStorage;
import dev.openmemory.backup.cli.settings.LockOptions;
import dev.openmemory.backup.cli.settings.OpenTargets.OpenTarget;
import dev.openmemory.backup.cli.settings.RetentionOptions;
import dev.openmemory.backup.cli.settings.Session;
import dev.openmemory.backup.cli.settings.Settings;
import dev.openmemory.backup.cli.settings.TargetPolicies;
import dev.openmemory.backup.cli.settings.VectorsChoice;
import dev.openmemory.backup.cli.settings.encryption.EncryptionOptions;
import dev.openmemory.backup.cli.settings.encryption.PlainCopies;
import dev.openmemory.backup.cli.settings.encryption.SignatureOptions;
import dev.openmemory.backup.cli.settings.warning.UnreportedWarnings;
import dev.openmemory.backup.docker.Discovery;
import dev.openmemory.backup.drill.DrillReport;
import dev.openmemory.backup.prune.PruneReport;
import dev.openmemory.backup.spi.BackupTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description =
        "Back up the database, configuration and vectors together, as one consistent"
            + " snapshot.")
final class BackupCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Name of the backup (default: openmemory-backup-<date>-<time>).")
  @Nullable String name;

  @Mixin private InstallationOptions parts = new InstallationOptions();

  @Option(
      names = "--compression",
      paramLabel = "HOW",
      description = "How to compress the vectors: gzip (default), zstd or none.")
  Compression.Method method = Compression.Method.GZIP;

  @Option(
      names = "--compression-level",
      paramLabel = "N",
      description =
          "1 is fast, more is smaller. gzip: to 9, below 7 vectors are stored as they are (default:"
              + " 6). zstd: to 19 (default: 1).")
  @Nullable Integer level;

  @Option(
      names = "--compression-threads",
      paramLabel = "N",
      description = "Number of compression threads (default: all CPUs).")
  @Nullable Integer threads;

  @Option(
      names = "--allow-empty-vectors",
      fallbackValue = "true",
      description = "Back up even if there are memories but no vectors.")
  boolean allowEmptyVectors;

  @Option(
      names = "--allow-live-storage",
      fallbackValue = "true",
      description =
          "Read Qdrant's files even though they are open. Only safe if you have paused"
              + " Qdrant yourself.")
  boolean allowLiveStorage;

  @Option(
      names = "--quiesce",
      paramLabel = "HOW",
      description =
          "How to keep containers from writing during the backup: pause (default),"
              + " stop or none.")
  Quiesce quiesce = Quiesce.PAUSE;

  @Option(
      names = "--spool",
      negatable = true,
      fallbackValue = "true",
      description =
          "Copy the vectors to the temporary folder first, so that containers are paused for the"
              + " copy alone (default). --no-spool sends them to the target during the pause.")
  boolean spool = true;

  @Option(
      names = "--allow-shrunk",
      fallbackValue = "true",
      description = "Accept a backup that is much smaller than the previous one.")
  boolean allowShrunk;

  @Option(
      names = "--new-target",
      description = "Accept that a target with earlier backups is missing or empty.")
  boolean newTarget;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      split = ",",
      description = "Tag for this backup, used by 'prune --keep-tag'. Repeatable.")
  Set<String> tags = new LinkedHashSet<>();

  @Option(
      names = "--prove",
      paramLabel = "WHEN",
      fallbackValue = "yes",
      arity = "0..1",
      description =
          "Open the new backup with Qdrant's storage engine: auto (default: if a Python has the"
              + " engine and the backup is small), yes or no.")
  ProveAfterBackup.When prove = ProveAfterBackup.When.AUTO;

  @Mixin private EngineOptions engine = new EngineOptions();

  @Mixin private EncryptionOptions encryption = new EncryptionOptions();

  @Mixin private PlainCopies plainCopies = new PlainCopies();

  @Mixin private SignatureOptions signature = new SignatureOptions();

  @Mixin private RetentionOptions retention = new RetentionOptions();

  @Mixin private LockOptions lock = new LockOptions();

  BackupCommand(Session session) {
    this.session = session;
  }

  /** Fails as a backup with these settings would before it does anything. */
  static void check(Session session, Settings settings) throws IOException {
    BackupCommand command = new BackupCommand(session);
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(Path.class, HomeFolder::path)
        .setDefaultValueProvider(settings)
        .parseArgs();
    command.prepared();
  }

  @Override
  public Integer call() throws IOException {
    Prepared prepared = prepared();
    return prepared
        .hooks()
        .runWithHooks(
            facts ->
                backUp(
                    prepared.request(),
                    prepared.policies(),
                    prepared.compression(),
                    prepared.lockTimeout(),
                    facts));
  }

  /** What the options say, checked. */
  private record Prepared(
      BackupRequest request,
      TargetPolicies policies,
      Compression compression,
      Duration lockTimeout,
      RunHooks hooks) {}

  private Prepared prepared() throws BackupException {
    BackupRequest request =
        new BackupRequest(
            chosenName(),
            parts.only,
            allowEmptyVectors,
            quiesce,
            spool,
            allowShrunk,
            checkedTags(),
            newTarget);
    TargetPolicies policies =
        TargetPolicies.of(session, session.options().targetLocations(), retention);
    return new Prepared(
        request, policies, compression(), lock.timeout(), RunHooks.of(session, "backup"));
  }

  private int backUp(
      BackupRequest request,
      TargetPolicies policies,
      Compression compression,
      Duration lockTimeout,
      RunFacts facts)
      throws IOException {
    request.name().map(BackupName::value).ifPresent(facts::named);
    Discovery found = find();
    Installation installation = LiveStorage.in(found.installation(), mayReadLive(found));
    return session.withTargets(
        session.options().targetLocations(),
        targets -> {
          Backups first =
              signature.signing(
                  encryption.encrypting(targets.get(0).backups(), session.newPassphrase()),
                  session.host().environment());
          List<BackupTarget> others = targets.stream().skip(1).map(OpenTarget::target).toList();
          BackupReport report =
              first
                  .withLockTimeout(lockTimeout)
                  .withCompression(compression)
                  .create(installation, pausing(request, installation), others);
          List<Warning> noticed =
              new ArrayList<>(
                  UnreportedWarnings.beyond(report.manifest().warnings(), found.warnings()));
          if (report.manifest().encryption().isEmpty()) {
            plainCopies.warning("the backup is", report.locations()).ifPresent(noticed::add);
          }
          List<DrillReport> proven =
              new ProveAfterBackup(session, engine, prove).in(targets, report, noticed);
          List<PruneReport> pruned =
              new PruneAfterBackup(policies, lockTimeout).in(targets, report, noticed);
          AfterBackup after = AfterBackup.of(report, noticed, proven, pruned);
          facts.made(report, after.noticed());
          session.terminal().result(session.renderer().created(report, after));
          List<Warning> all = new ArrayList<>(report.manifest().warnings());
          all.addAll(after.noticed());
          int exitCode = session.exitCode(all);
          return report.isEverywhere() && after.pruningSucceeded() ? exitCode : ExitCodes.WARNINGS;
        });
  }

  /** What was looked for and is not there needs no warning that it was not paused. */
  private static BackupRequest pausing(BackupRequest request, Installation installation) {
    return installation.writers().isEmpty() ? request.withQuiesce(Quiesce.NONE) : request;
  }

  private Discovery find() throws IOException {
    VectorsChoice vectors = VectorsChoice.forBackup(parts);
    Discovery found = new InstallationFinder(session, parts, vectors, allowEmptyVectors).find();
    VectorsChoice held = vectors.whenHeld(quiesce, found.installation(), parts);
    return held.equals(vectors)
        ? found
        : new InstallationFinder(session, parts, held, allowEmptyVectors).find();
  }

  /** Either the user has paused the writers, or we do. */
  private boolean mayReadLive(Discovery found) {
    return allowLiveStorage
        || (quiesce != Quiesce.NONE && LiveStorage.isOffered(found.installation()));
  }

  private Optional<BackupName> chosenName() throws BackupException {
    if (name == null) {
      return Optional.empty();
    }
    if (name.equals(Session.LATEST)) {
      throw Kind.INVALID.failure("backup", name, "this name is reserved for the newest backup");
    }
    return Optional.of(BackupName.parse(name));
  }

  private Set<String> checkedTags() throws BackupException {
    for (String tag : tags) {
      BackupName.parse(tag);
    }
    return tags;
  }

  private Compression compression() throws BackupException {
    try {
      Compression usual = Compression.standard(method);
      return new Compression(
          method,
          Objects.requireNonNullElse(level, usual.level()),
          Objects.requireNonNullElse(threads, usual.threads()));
    } catch (IllegalArgumentException e) {
      throw Kind.INVALID.failure("backup", "", String.valueOf(e.getMessage()), e);
    }
  }
}
