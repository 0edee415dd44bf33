package dev.openmemory.backup.internal.reencrypt;

import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.BackupReport;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Component;
import dev.openmemory.backup.Manifest.Encryption;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.backup.Closing;
import dev.openmemory.backup.internal.backup.FinalFiles;
import dev.openmemory.backup.internal.catalog.BackupRemover;
import dev.openmemory.backup.internal.catalog.BackupVerifier;
import dev.openmemory.backup.internal.catalog.StoredBackup;
import dev.openmemory.backup.internal.file.ReopenedContent;
import dev.openmemory.backup.internal.file.Undo;
import dev.openmemory.backup.internal.publish.Destinations;
import dev.openmemory.backup.internal.publish.FilePublisher;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.run.ToolIdentity;
import dev.openmemory.backup.internal.stream.Codec;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.encryption.Encryptor;
import dev.openmemory.backup.verify.VerifyReport;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a backup, checks each plain byte by its digest, and stores it encrypted to other keys under
 * another name. No plain byte is written to a disk. The first backup stays.
 */
public final class Reencrypter {
  private static final String OPERATION = "reencrypt";

  private final Run.Settings settings;

  public Reencrypter(Run.Settings settings) {
    this.settings = settings;
  }

  /** See {@link dev.openmemory.backup.Backups#reencrypt}. */
  public BackupReport reencrypt(BackupName from, BackupName to) throws IOException {
    Encryptor encryptor =
        settings
            .keys()
            .encryptor()
            .orElseThrow(
                () -> Kind.INVALID.failure(OPERATION, from.value(), "no public key was given"));
    Run run = Run.writing(settings);
    return Closing.of(
        run,
        run,
        () -> {
          run.enter(Phase.PREFLIGHT, OPERATION);
          StoredBackup backup = StoredBackup.find(run, from).requireUndamaged(OPERATION);
          Manifest before =
              backup
                  .summary()
                  .manifest()
                  .orElseThrow(
                      () ->
                          Kind.UNSUPPORTED.failure(
                              OPERATION, backup.location(), "it has no manifest"));
          Destinations destinations = Destinations.of(run, List.of());
          return Closing.of(
              run,
              destinations,
              () -> {
                destinations.prepare(before.installationId(), Optional.empty());
                destinations.requireFree(to);
                return new Copy(run, backup, before, encryptor, to, destinations).make();
              });
        });
  }

  private final class Copy {
    private final Run run;
    private final StoredBackup backup;
    private final Manifest before;
    private final Encryptor encryptor;
    private final BackupName to;
    private final Destinations destinations;
    private final FilePublisher publisher;

    Copy(
        Run run,
        StoredBackup backup,
        Manifest before,
        Encryptor encryptor,
        BackupName to,
        Destinations destinations) {
      this.run = run;
      this.backup = backup;
      this.before = before;
      this.encryptor = encryptor;
      this.to = to;
      this.destinations = destinations;
      this.publisher = new FilePublisher(run, destinations, to);
    }

    BackupReport make() throws IOException {
      Manifest made;
      try {
        destinations.claim(to);
        List<StoredFile> files = new ArrayList<>();
        for (Component component : before.components()) {
          run.enter(Phase.PUBLISH, component.component());
          for (String file : component.files()) {
            files.add(publisher.publish(captured(component, file)));
          }
        }
        made = new FinalFiles(run, destinations, publisher).publish(after(files), () -> {});
      } catch (IOException | RuntimeException | Error e) {
        destinations.abandon(e);
        throw e;
      }
      verify();
      List<String> places =
          destinations.locations().stream().map(location -> location + "/" + to).toList();
      return new BackupReport(made, places, List.of(), run.elapsed(), Optional.empty(), List.of());
    }

    private CapturedFile captured(Component component, String plainName) throws IOException {
      StoredFile stored =
          before.files().stream()
              .filter(file -> file.plainName().equals(plainName))
              .findFirst()
              .orElseThrow(
                  () ->
                      Kind.CORRUPT.failure(
                          OPERATION, backup.location(), "the manifest lists no " + plainName));
      boolean compressed = stored.codecs().stream().anyMatch(Codec::compresses);
      return new CapturedFile(plainName, stored.mediaType(), compressed, plain(component, stored));
    }

    private Manifest after(List<StoredFile> files) {
      return new Manifest(
          Manifest.CURRENT_FORMAT,
          to.value(),
          ToolIdentity.NAME_AND_VERSION,
          before.installationId(),
          before.captured(),
          before.quiesce(),
          before.components(),
          files,
          before.warnings().stream().filter(w -> !w.code().equals(Warning.LITERAL_KEY)).toList(),
          before.tags(),
          Optional.of(new Encryption(encryptor.scheme(), encryptor.recipients())),
          before.other());
    }

    /** Reads back what the target has; the new private key need not be here. */
    private void verify() throws IOException {
      try {
        VerifyReport report = new BackupVerifier(settings.withoutDecryption()).verify(to);
        if (!report.ok()) {
          throw Kind.CORRUPT.failure(
              OPERATION, run.target().location() + "/" + to, report.problems().get(0).message());
        }
      } catch (IOException | RuntimeException e) {
        Undo.after(e, () -> new BackupRemover(run.target(), run.clock()).delete(to));
        throw e;
      }
    }

    /** A file of the backup as it was captured. */
    private Content plain(Component component, StoredFile stored) {
      return new ReopenedContent(
          out -> {
            try (InputStream in = backup.files(component).open(stored.plainName())) {
              in.transferTo(out);
            }
          },
          stored.plain().size());
    }
  }
}
