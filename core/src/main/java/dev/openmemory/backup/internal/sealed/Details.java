package dev.openmemory.backup.internal.sealed;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Digest;
import dev.openmemory.backup.Manifest.Encryption;
import dev.openmemory.backup.Manifest.StoredFile;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.json.ManifestJson;
import dev.openmemory.backup.internal.stream.Codec;
import dev.openmemory.backup.internal.text.Sha256;
import dev.openmemory.backup.spi.CapturedFile;
import dev.openmemory.backup.spi.encryption.Decryptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The full manifest, which an encrypted backup holds as a file of its own. */
public final class Details {
  private Details() {}

  /** To be encrypted and stored as the others. */
  public static CapturedFile of(byte[] fullManifest) {
    return new CapturedFile(
        Encryption.DETAILS, "application/json", false, new SmallContent(fullManifest));
  }

  /** The stored file of it. */
  public static StoredFile in(Manifest manifest, String location) throws BackupException {
    return manifest.files().stream()
        .filter(file -> file.plainName().equals(Encryption.DETAILS))
        .findFirst()
        .orElseThrow(
            () ->
                Kind.CORRUPT.failure(
                    "read", location, "the manifest lists no " + Encryption.DETAILS));
  }

  /**
   * Decrypts it.
   *
   * @param stored the bytes in the target; reading them compares their digest
   * @param limit of its plain bytes
   * @return the full manifest, with the details among its files
   */
  public static Manifest read(
      InputStream stored, Manifest manifest, Decryptor decryptor, String location, int limit)
      throws IOException {
    StoredFile details = in(manifest, location);
    String place = location + "/" + details.name();
    byte[] text;
    try (InputStream plain = Codec.decrypt(decryptor, stored, place)) {
      text = plain.readNBytes(limit + 1);
    }
    if (text.length > limit) {
      throw Kind.CORRUPT.failure("read", place, "larger than " + limit + " bytes");
    }
    Manifest full = ManifestJson.read(text, place);
    requireSameFiles(full, manifest, details, location);
    List<StoredFile> files = new ArrayList<>(full.files());
    files.add(withPlain(details, text));
    return full.withFiles(files);
  }

  private static StoredFile withPlain(StoredFile details, byte[] text) {
    return new StoredFile(
        details.name(),
        details.plainName(),
        details.mediaType(),
        details.codecs(),
        new Digest(text.length, Sha256.of(text)),
        details.stored(),
        details.other());
  }

  /** A store could put files of one backup beside the details of another. */
  private static void requireSameFiles(
      Manifest full, Manifest manifest, StoredFile details, String location)
      throws BackupException {
    Map<String, Digest> stated = new HashMap<>();
    manifest.files().forEach(file -> stated.put(file.name(), file.stored()));
    stated.remove(details.name());
    Map<String, Digest> known = new HashMap<>();
    full.files().forEach(file -> known.put(file.name(), file.stored()));
    if (!stated.equals(known) || !full.name().equals(manifest.name())) {
      throw Kind.CORRUPT.failure(
          "read",
          location,
          "the manifest and the encrypted details do not belong together: a file was exchanged");
    }
  }
}
