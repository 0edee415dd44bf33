package dev.openmemory.backup.internal.engine;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Installation;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Captured;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.engine.OpenParts.OpenPart;
import dev.openmemory.backup.internal.engine.RunMarker.Work;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.json.ManifestJson;
import dev.openmemory.backup.spi.Capture;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ReportsSpace;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a backup: preflight, capture, publish with the manifest last. */
public final class BackupCreator {
  private static final Logger LOG = LoggerFactory.getLogger(BackupCreator.class);

  private final Run.Settings settings;

  /** Backups with these settings. */
  public BackupCreator(Run.Settings settings) {
    this.settings = settings;
  }

  /** See {@link dev.openmemory.backup.Backups#create}. */
  public BackupReport create(Installation installation, BackupRequest request) throws IOException {
    try (Run run = Run.writing(settings)) {
      run.enter(Phase.PREFLIGHT, "backup");
      // A restore that died half way has mixed two states; neither may become a backup.
      for (String done : new BackupRestorer(settings).recover(installation)) {
        run.tell(new BackupEvent.LeftoverHandled(done));
      }
      for (String done : new Leftovers(run.target(), run.clock()).sweep()) {
        run.tell(new BackupEvent.LeftoverHandled(done));
      }
      BackupName name = chooseName(run, request);
      List<OpenPart> parts =
          preflight(run, OpenParts.open(run, installation).select(request.only()));
      try (Captures captures = new Captures()) {
        Instant start = run.clock().instant();
        capture(run, parts, captures);
        Instant end = run.clock().instant();
        if (request.only().isEmpty() && !request.allowEmptyVectors()) {
          VectorsRule.check(
              captures.facts(), installation.home().toString(), placeOfVectors(parts));
        }
        requireSpace(run, captures);
        claim(run, name);
        try {
          return publish(run, name, installation, captures, new Captured(start, end));
        } catch (IOException | RuntimeException | Error e) {
          Undo.after(e, () -> new Leftovers(run.target(), run.clock()).abandon(name));
          throw e;
        }
      }
    }
  }

  /**
   * Takes the name. Whoever has the marker is alone below it, so what is there now was there first:
   * another run may have finished under this name since it was chosen.
   */
  private static void claim(Run run, BackupName name) throws IOException {
    new RunMarker(Work.BACKUP, Owner.ofThisProcess(run.clock())).write(run.target(), name);
    if (run.target().list(name + "/").size() > 1) {
      run.target().delete(name.file(RunMarker.FILE_NAME));
      throw taken(run, name);
    }
  }

  private static BackupException taken(Run run, BackupName name) {
    return new BackupException(
        Kind.ALREADY_EXISTS, "backup", run.target().location() + "/" + name, "the name is taken");
  }

  /** What is stored as it is has a known size; how far the rest compresses, nobody knows. */
  private static void requireSpace(Run run, Captures captures) throws IOException {
    Optional<ReportsSpace> space = ForwardingBackupTarget.power(run.target(), ReportsSpace.class);
    if (space.isPresent()) {
      long needed = captures.storedAsTheyAre();
      long usable = space.get().usableBytes();
      if (usable < needed) {
        throw new BackupException(
            Kind.NO_SPACE,
            "backup",
            run.target().location(),
            "needs at least " + needed + " bytes and has " + usable);
      }
    }
  }

  private static String placeOfVectors(List<OpenPart> parts) {
    return parts.stream()
        .filter(p -> p.component().equals("vectors"))
        .map(p -> p.part().options().getOrDefault("path", p.part().type()))
        .findFirst()
        .orElse("");
  }

  private static BackupName chooseName(Run run, BackupRequest request) throws IOException {
    BackupCatalog catalog = new BackupCatalog(run.target());
    if (request.name().isPresent()) {
      BackupName name = request.name().get();
      if (catalog.isTaken(name)) {
        throw taken(run, name);
      }
      return name;
    }
    BackupName generated = BackupName.generated(LocalDateTime.now(run.clock()));
    BackupName name = generated;
    for (int i = 2; catalog.isTaken(name); i++) {
      name = new BackupName(generated + "-" + i);
    }
    return name;
  }

  private static List<OpenPart> preflight(Run run, List<OpenPart> selected) throws IOException {
    List<OpenPart> present = new ArrayList<>();
    for (OpenPart part : selected) {
      try {
        part.source().preflight(run.context());
        present.add(part);
      } catch (BackupException e) {
        if (e.kind() != Kind.NOT_FOUND || !part.part().optional()) {
          throw e;
        }
        run.warn(new Warning(part.component() + "-missing", e.getMessage()));
      }
    }
    return present;
  }

  private static void capture(Run run, List<OpenPart> parts, Captures captures) throws IOException {
    for (OpenPart part : parts) {
      run.enter(Phase.CAPTURE, part.component());
      captures.add(part, part.source().capture(run.context()));
    }
  }

  private static BackupReport publish(
      Run run, BackupName name, Installation installation, Captures captures, Captured captured)
      throws IOException {
    FilePublisher publisher = new FilePublisher(run, name);
    List<Component> components = new ArrayList<>();
    List<StoredFile> files = new ArrayList<>();
    for (Map.Entry<OpenPart, Capture> entry : captures.all().entrySet()) {
      OpenPart part = entry.getKey();
      run.enter(Phase.PUBLISH, part.component());
      List<String> plainNames = new ArrayList<>();
      for (CapturedFile file : entry.getValue().files()) {
        files.add(publisher.publish(file));
        plainNames.add(file.name());
      }
      components.add(
          new Component(
              part.component(),
              part.part().type(),
              plainNames,
              entry.getValue().facts(),
              Map.of()));
    }
    Instant end = captures.detached() ? captured.end() : run.clock().instant();
    Manifest withoutInfo =
        new Manifest(
            Manifest.CURRENT_FORMAT,
            name.value(),
            ThisTool.NAME_AND_VERSION,
            InstallationId.of(installation.home()),
            new Captured(captured.start(), end),
            "none",
            components,
            files,
            run.warnings(),
            Map.of());
    Manifest manifest = publishInfo(publisher, withoutInfo);
    run.checkCancelled();
    run.target()
        .write(
            name.file(Manifest.FILE_NAME),
            new SmallContent(ManifestJson.write(manifest)),
            WriteOptions.CREATE_ONLY);
    removeMarker(run, name);
    return new BackupReport(manifest, run.target().location() + "/" + name, run.elapsed());
  }

  /** The backup is complete without it; what stays is removed by the next run. */
  private static void removeMarker(Run run, BackupName name) {
    try {
      run.target().delete(name.file(RunMarker.FILE_NAME));
    } catch (IOException e) {
      LOG.warn("The marker of the finished backup {} could not be removed", name, e);
    }
  }

  /** The text for people describes the manifest, and the manifest lists the text. */
  private static Manifest publishInfo(FilePublisher publisher, Manifest manifest)
      throws IOException {
    SmallContent text =
        new SmallContent(InfoText.render(manifest).getBytes(StandardCharsets.UTF_8));
    List<StoredFile> files = new ArrayList<>(manifest.files());
    files.add(publisher.publish(new CapturedFile(InfoText.FILE_NAME, "text/plain", false, text)));
    return new Manifest(
        manifest.formatVersion(),
        manifest.name(),
        manifest.tool(),
        manifest.installationId(),
        manifest.captured(),
        manifest.quiesce(),
        manifest.components(),
        files,
        manifest.warnings(),
        manifest.other());
  }
}
