package dev.openmemory.backup.storage.s3.internal.leftover;

import dev.openmemory.backup.storage.s3.internal.client.S3Operation;
import dev.openmemory.backup.storage.s3.internal.client.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds and aborts multipart uploads of processes that have ended. */
public final class AbandonedUploads {
  private AbandonedUploads() {}

  /** Aborts stale uploads. Returns which, as text for people. */
  public static List<String> sweep(Store store, S3Operation operation) throws IOException {
    UploadRecords records = new UploadRecords(store);
    OpenUploads uploads = new OpenUploads(store, records);
    Map<String, UploadRecord> stale = new LinkedHashMap<>();
    List<String> vacant = new ArrayList<>();
    for (UploadRecords.Found found : operation.ask(records::list)) {
      if (found.record().isVacant()) {
        // Another host may be about to write its own again.
        if (found.record().owner().isKnown()) {
          vacant.add(found.at());
        }
      } else if (found.isStale()) {
        stale.put(found.at(), found.record());
      }
    }
    operation.ask(
        () -> {
          records.removeVacant(vacant);
          return vacant;
        });
    List<String> removed = new ArrayList<>();
    for (Map.Entry<String, UploadRecord> one : stale.entrySet()) {
      String key = one.getValue().key();
      String id = one.getValue().uploadId();
      boolean aborted =
          operation.ask(
              () ->
                  (id == null || uploads.abort(key, id))
                      && uploads.abortUnclaimed(key, stale::containsKey));
      if (aborted) {
        operation.ask(
            () -> {
              records.remove(one.getKey(), one.getValue());
              return key;
            });
        removed.add("the unfinished upload of s3://" + store.location().bucket() + "/" + key);
      }
    }
    return removed;
  }
}
