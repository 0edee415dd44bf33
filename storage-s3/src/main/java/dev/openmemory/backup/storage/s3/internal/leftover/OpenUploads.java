package dev.openmemory.backup.storage.s3.internal.leftover;

import dev.openmemory.backup.storage.s3.internal.client.S3Failures;
import dev.openmemory.backup.storage.s3.internal.client.Store;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Uploads that the store keeps, and bills, until they are completed or aborted. */
public final class OpenUploads {
  private static final Logger LOG = LoggerFactory.getLogger(OpenUploads.class);

  /**
   * A part that was on its way when the upload was aborted may be stored after it: "it might be
   * necessary to abort a given multipart upload multiple times" (Amazon's reference).
   */
  private static final int ABORTS = 3;

  private final Store store;
  private final UploadRecords records;

  public OpenUploads(Store store, UploadRecords records) {
    this.store = store;
    this.records = records;
  }

  /** Aborts until the store no longer knows the upload; false when it still does. */
  public boolean abort(String key, String id) {
    for (int aborts = 0; aborts < ABORTS; aborts++) {
      try {
        store.client().abortMultipartUpload(store.requests().abort(key, id));
      } catch (AwsServiceException e) {
        if (S3Failures.isUnknownRequest(e)) {
          LOG.warn(
              "the store cannot abort uploads: what was sent of s3://{}/{} stays there, unlisted",
              store.location().bucket(),
              key);
          return true;
        }
        if (e.statusCode() != 404) {
          throw e;
        }
      }
      if (!isOpen(key, id)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOpen(String key, String id) {
    try {
      return ids(key).contains(id);
    } catch (AwsServiceException e) {
      // The right to abort does not imply the right to list uploads.
      if (e.statusCode() == 403) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Aborts the uploads to the key that no record names: the store's answer to their creation got
   * lost.
   *
   * @param stale the keys of records that claim nothing any more
   * @return whether none of them is left
   */
  public boolean abortUnclaimed(String key, Predicate<String> stale) {
    // Uploads first and records after them: one that was begun in between has a record by then.
    List<String> open = ids(key);
    if (open.isEmpty()) {
      return true;
    }
    List<UploadRecord> others =
        records.list().stream()
            .filter(found -> !stale.test(found.at()) && found.record().key().equals(key))
            .map(UploadRecords.Found::record)
            .toList();
    if (others.stream().anyMatch(other -> other.uploadId() == null)) {
      return false;
    }
    Set<String> claimed =
        others.stream().map(o -> Objects.requireNonNull(o.uploadId())).collect(Collectors.toSet());
    boolean none = true;
    for (String id : open) {
      none &= claimed.contains(id) || abort(key, id);
    }
    return none;
  }

  /** None where the store has no such list, or has forgotten all uploads when it was restarted. */
  private List<String> ids(String key) {
    try {
      return store
          .client()
          .listMultipartUploadsPaginator(store.requests().uploads(key))
          .uploads()
          .stream()
          .filter(upload -> upload.key().equals(key))
          .map(upload -> upload.uploadId())
          .toList();
    } catch (AwsServiceException e) {
      if (S3Failures.isUnknownRequest(e) || "NoSuchUpload".equals(S3Failures.code(e))) {
        return List.of();
      }
      throw e;
    }
  }
}
