package dev.openmemory.backup.sample;

import dev.openmemory.backup.BackupRequest;
import dev.openmemory.backup.Backups;
import dev.openmemory.backup.internal.file.Disk;
import dev.openmemory.backup.internal.json.Json;
import dev.openmemory.backup.testkit.qdrant.QdrantDouble;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;

/** The recorded installation with a storage that the double of Qdrant wrote, and a backup of it. */
public record DrillSample(SampleInstallation installation, List<UUID> ids) {
  public static final String COLLECTION = "openmemory";

  /** With a point for each memory that is not deleted. */
  public static DrillSample in(Path home) throws IOException, SQLException {
    SampleInstallation installation = SampleInstallation.unpackSlimTo(home);
    List<UUID> ids = ids(installation.database());
    Disk.deleteTree(installation.storage());
    Files.createDirectories(installation.storage());
    try (QdrantDouble qdrant = QdrantDouble.start(installation.storage())) {
      qdrant.createCollection(COLLECTION);
      ids.forEach(id -> qdrant.put(COLLECTION, id, "alice"));
    }
    return new DrillSample(installation, ids);
  }

  /** Changes what Qdrant stores. */
  public void change(Consumer<QdrantDouble> change) throws IOException {
    try (QdrantDouble qdrant = QdrantDouble.start(installation.storage())) {
      change.accept(qdrant);
    }
  }

  public void backUp(Backups backups, String name) throws IOException {
    backups.create(installation.installation(), BackupRequest.named(name));
  }

  /** Lets a manifest state a fact of the vectors. */
  public static void state(StoredObjects stored, String backup, String fact, Object value)
      throws IOException {
    String name = backup + "/manifest.json";
    Map<String, Object> manifest = cast(Json.readObject(stored.bytes(name), "manifest"));
    for (Object component : (List<?>) Objects.requireNonNull(manifest.get("components"))) {
      Map<String, Object> members = cast(component);
      if ("vectors".equals(members.get("component"))) {
        cast(Objects.requireNonNull(members.get("facts"))).put(fact, value);
      }
    }
    stored.write(name, Json.write(manifest));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> cast(Object object) {
    return (Map<String, Object>) object;
  }

  private static List<UUID> ids(Path database) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement sql = db.createStatement();
        ResultSet rows = sql.executeQuery("SELECT id FROM memories WHERE state <> 'deleted'")) {
      while (rows.next()) {
        BigInteger bits = new BigInteger(rows.getString(1), 16);
        ids.add(new UUID(bits.shiftRight(64).longValue(), bits.longValue()));
      }
    }
    return ids;
  }
}
