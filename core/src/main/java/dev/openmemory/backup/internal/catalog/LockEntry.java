package dev.openmemory.backup.internal.catalog;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.file.SmallContent;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.internal.json.JsonObject;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.text.Sha256;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a run has written beside the backups to say that it is at work.
 *
 * @param object under which it stands
 * @param installationId empty text for backups without a manifest
 * @param owner empty when it cannot be read
 * @param home which home of its host the run has alone; empty when it has none
 * @param written when, by the clock of the store
 * @param kept whether its run could not delete it, and told so
 */
public record LockEntry(
    ObjectName object,
    String installationId,
    String work,
    Optional<Owner> owner,
    Optional<String> home,
    Instant written,
    boolean kept) {
  private static final String PREFIX = "run-lock_";
  private static final int MAX_BYTES = 64 * 1024;
  private static final int ID_CHARACTERS = 16;

  /** A name for an entry of the installation that no other run has. */
  public static ObjectName newName(String installationId) {
    return new ObjectName(prefix(installationId) + UUID.randomUUID() + ".json");
  }

  /** Another name for an entry of the same installation. */
  public static ObjectName newName(ObjectName entry) {
    String prefix = entry.value().substring(0, entry.value().lastIndexOf('_') + 1);
    return new ObjectName(prefix + UUID.randomUUID() + ".json");
  }

  /** What the entry says. */
  public static SmallContent content(
      String installationId, String work, Owner owner, Optional<String> home, boolean kept) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("installationId", installationId);
    json.put("work", work);
    json.put("owner", owner.toJson());
    home.ifPresent(mark -> json.put("home", mark));
    if (kept) {
      json.put("kept", true);
    }
    return new SmallContent(Json.write(json));
  }

  public static List<LockEntry> of(BackupTarget target, String installationId) throws IOException {
    return read(target, prefix(installationId));
  }

  public static List<LockEntry> all(BackupTarget target) throws IOException {
    return read(target, PREFIX);
  }

  /**
   * Whether the run has ended although its process may live: it could not remove its entry.
   *
   * @param alone the home of this host that the asking run has alone
   */
  public boolean hadHome(Optional<String> alone) {
    return alone.isPresent() && alone.equals(home) && owner.filter(Owner::isKnown).isPresent();
  }

  /** For people. */
  public String described() {
    return work + " by " + owner.map(Owner::toString).orElse("an unknown process");
  }

  /** The id of an installation is text from outside, and a name must not be. */
  private static String prefix(String installationId) {
    return PREFIX + Sha256.of(installationId).substring(0, ID_CHARACTERS) + "_";
  }

  private static List<LockEntry> read(BackupTarget target, String prefix) throws IOException {
    List<LockEntry> entries = new ArrayList<>();
    for (ObjectInfo object : target.list(prefix)) {
      read(target, object).ifPresent(entries::add);
    }
    return entries;
  }

  /** Empty when it is gone by now. */
  private static Optional<LockEntry> read(BackupTarget target, ObjectInfo object)
      throws IOException {
    try {
      byte[] text = SmallContent.read(target, object.name(), MAX_BYTES);
      JsonObject json = JsonObject.parse(text, target.location() + "/" + object.name());
      return Optional.of(
          new LockEntry(
              object.name(),
              json.string("installationId"),
              json.string("work"),
              Optional.of(Owner.fromJson(json.object("owner"))),
              json.has("home") ? Optional.of(json.string("home")) : Optional.empty(),
              object.modified(),
              json.has("kept")));
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      if (e.kind() == Kind.CORRUPT) {
        return Optional.of(
            new LockEntry(
                object.name(),
                "",
                "unknown",
                Optional.empty(),
                Optional.empty(),
                object.modified(),
                false));
      }
      throw e;
    }
  }
}
