package dev.openmemory.backup.internal.backup;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Cancellation.Interruption;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.internal.catalog.BackupCatalog;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.json.ManifestJson;
import dev.openmemory.backup.internal.publish.Destinations;
import dev.openmemory.backup.internal.publish.FilePublisher;
import dev.openmemory.backup.internal.run.Run;
import dev.openmemory.backup.internal.sealed.Details;
import dev.openmemory.backup.internal.sealed.SealedManifest;
import dev.openmemory.backup.signature.SigningKey;
import dev.openmemory.backup.spi.CapturedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What follows the files of the components: the text for people, the details of an encrypted
 * backup, and last the manifest with its signature.
 */
public record FinalFiles(Run run, Destinations destinations, FilePublisher publisher) {
  /** Whatever has to hold before the backup becomes visible. */
  public interface Condition {
    void check() throws IOException;
  }

  /**
   * Publishes them.
   *
   * @param withoutInfo lists the files of the components
   * @return what a report may show: of an encrypted backup what its manifest has, which is readable
   *     without a key, and all warnings
   */
  public Manifest publish(Manifest withoutInfo, Condition condition) throws IOException {
    Manifest manifest = publishInfo(withoutInfo);
    byte[] text = ManifestJson.write(manifest);
    requireReadable(text, manifest.name());
    Manifest visible = manifest;
    if (manifest.encryption().isPresent()) {
      StoredFile details = publisher.publish(Details.of(text));
      visible = new SealedManifest(manifest).with(details);
      text = ManifestJson.write(visible);
    }
    // An agent may let it wait, so what may change meanwhile is looked at after that.
    Optional<SmallContent> signature = signature(text);
    run.checkCancelled();
    condition.check();
    destinations.finish(new BackupName(manifest.name()), new SmallContent(text), signature);
    return visible.withWarnings(manifest.warnings());
  }

  @SuppressWarnings("try")
  private Optional<SmallContent> signature(byte[] manifest) throws IOException {
    Optional<SigningKey> signer = run.keys().signer();
    if (signer.isEmpty()) {
      return Optional.empty();
    }
    // An agent may wait for a person, which only an interrupt ends.
    try (Interruption ends = run.interruptCaller()) {
      run.checkCancelled();
      return Optional.of(new SmallContent(signer.get().sign(manifest)));
    }
  }

  private static void requireReadable(byte[] manifest, String name) throws BackupException {
    if (manifest.length > BackupCatalog.MAX_MANIFEST_BYTES) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "write manifest",
          name,
          "it has "
              + manifest.length
              + " bytes, more than the "
              + BackupCatalog.MAX_MANIFEST_BYTES
              + " that can be read");
    }
  }

  /** The text for people describes the manifest, and the manifest lists the text. */
  private Manifest publishInfo(Manifest manifest) throws IOException {
    SmallContent text =
        new SmallContent(InfoText.render(manifest).getBytes(StandardCharsets.UTF_8));
    List<StoredFile> files = new ArrayList<>(manifest.files());
    files.add(
        publisher.publishReadable(new CapturedFile(InfoText.FILE_NAME, "text/plain", false, text)));
    return manifest.withFiles(files);
  }
}
