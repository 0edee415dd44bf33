package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.BackupName;
import dev.openmemory.backup.Manifest;
import dev.openmemory.backup.Manifest.Tool;
import dev.openmemory.backup.drill.Proof;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.text.Sha256;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code proven.json} in the folder of a backup. It names the manifest that it belongs to, so one
 * that was left by another backup of that name proves nothing.
 */
public record ProofFile(BackupTarget target, BackupName backup) {
  private static final Logger LOG = LoggerFactory.getLogger(ProofFile.class);
  private static final int MAX_BYTES = 1024 * 1024;

  /** The proof; empty when it is of another manifest, is gone by now, or cannot be understood. */
  Optional<Proof> read(byte[] manifest) throws IOException {
    String location = target.location() + "/" + backup.file(Proof.FILE_NAME);
    try {
      byte[] text = SmallContent.read(target, backup.file(Proof.FILE_NAME), MAX_BYTES);
      Proof proof = parse(JsonObject.parse(text, location));
      return Optional.of(proof).filter(p -> p.manifestSha256().equals(Sha256.of(manifest)));
    } catch (BackupException e) {
      if (e.kind() != Kind.CORRUPT && e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      LOG.debug("{} proves nothing", location, e);
      return Optional.empty();
    }
  }

  /**
   * Writes the proof in the place of the one before.
   *
   * @throws BackupException of kind {@code FAILED} when the backup was replaced or removed
   *     meanwhile
   */
  public void write(Proof proof) throws IOException {
    requireSameBackup(proof);
    WriteOptions options = WriteOptions.REPLACE;
    if (!target.traits().atomicReplace()) {
      remove();
      options = WriteOptions.CREATE_ONLY;
    }
    byte[] text = toJson(proof);
    target.write(backup.file(Proof.FILE_NAME), new SmallContent(text), options);
    if (target.stat(backup.file(Manifest.FILE_NAME)).isEmpty()) {
      // Left alone in its folder it would keep the name from ever being used again.
      remove();
      throw gone();
    }
    StoredFiles stored = new StoredFiles();
    stored.add(Proof.FILE_NAME, text.length);
    stored.requireSeen("drill", target, backup);
  }

  /** Removes the proof, if there is one. */
  public void remove() throws IOException {
    target.delete(backup.file(Proof.FILE_NAME));
  }

  /** The manifest as it is stored now. */
  public byte[] manifest() throws IOException {
    return SmallContent.read(
        target, backup.file(Manifest.FILE_NAME), BackupCatalog.MAX_MANIFEST_BYTES);
  }

  private void requireSameBackup(Proof proof) throws IOException {
    boolean same;
    try {
      same = Sha256.of(manifest()).equals(proof.manifestSha256());
    } catch (BackupException e) {
      if (e.kind() != Kind.NOT_FOUND) {
        throw e;
      }
      same = false;
    }
    if (!same) {
      throw gone();
    }
  }

  private BackupException gone() {
    return Kind.FAILED.failure(
        "record proof",
        target.location() + "/" + backup,
        "the backup was replaced or removed meanwhile");
  }

  private static Proof parse(JsonObject json) throws BackupException {
    JsonObject tool = json.object("tool");
    JsonObject compared = json.object("compared");
    JsonObject counted = compared.object("points");
    Map<String, Long> points = new TreeMap<>();
    for (String collection : compared.strings("collections")) {
      points.put(collection, counted.size(collection));
    }
    Proof.Seen seen =
        new Proof.Seen(
            json.string("by"),
            json.string("version"),
            points,
            compared.has("ids") ? OptionalLong.of(compared.size("ids")) : OptionalLong.empty(),
            compared.size("searched"));
    return new Proof(
        json.instant("time"),
        new Tool(tool.string("name"), tool.string("version")),
        seen,
        json.string("manifestSha256"));
  }

  private static byte[] toJson(Proof proof) {
    Map<String, Object> compared = new LinkedHashMap<>();
    compared.put("collections", proof.seen().points().keySet());
    compared.put("points", proof.seen().points());
    proof.seen().matchedIds().ifPresent(ids -> compared.put("ids", ids));
    compared.put("searched", proof.seen().searched());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("time", proof.time().toString());
    json.put("tool", Map.of("name", proof.tool().name(), "version", proof.tool().version()));
    json.put("by", proof.seen().by());
    json.put("version", proof.seen().version());
    json.put("compared", compared);
    json.put("manifestSha256", proof.manifestSha256());
    return Json.write(json);
  }
}
