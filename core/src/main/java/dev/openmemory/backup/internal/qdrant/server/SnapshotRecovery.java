package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Lets a server restore a snapshot that it reads itself. */
record SnapshotRecovery(Transport transport, String collection) {
  private static final String OPERATION = "recover snapshot";

  void recover(URI place, Optional<String> sha256, Optional<ApiKey> keyOfPlace)
      throws BackupException {
    RestoreWatch watch = RestoreWatch.begin(transport, collection, Optional.empty());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("location", place.toString());
    body.put("priority", "snapshot");
    sha256.ifPresent(digest -> body.put("checksum", digest));
    keyOfPlace.ifPresent(key -> body.put("api_key", key.secret()));
    Request request =
        Request.json(OPERATION, "PUT", Address.snapshots(collection) + "/recover?wait=true", body)
            .hiding(keyOfPlace)
            .hiding(user(place));
    try {
      transport.change(request, transport.deadline(transport.timings().restore()));
    } catch (BackupException e) {
      if (!NoAnswer.mayGoOn(e)) {
        throw e instanceof Refusal refusal ? refusal.ofRestore() : e;
      }
      watch.await(e);
    }
  }

  private static Optional<ApiKey> user(URI place) throws BackupException {
    return place.getRawUserInfo() == null || place.getRawUserInfo().isBlank()
        ? Optional.empty()
        : Optional.of(ApiKey.of(place.getRawUserInfo(), "location"));
  }
}
