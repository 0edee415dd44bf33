package dev.openmemory.backup.storage.s3.internal.leftover;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.storage.s3.internal.client.Store;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The {@link UploadRecord}s of all runs, as hidden objects. */
public final class UploadRecords {
  private final Store store;
  private final String folder;

  public UploadRecords(Store store) {
    this.store = store;
    this.folder = store.location().hiddenKey("uploads/");
  }

  /**
   * A record as it was found.
   *
   * @param at its key
   * @param written when it was last written, by the clock of the store
   * @param now when it was found, by the same clock
   */
  record Found(String at, UploadRecord record, Instant written, Instant now) {
    boolean isStale() {
      return record.isStale(written, now);
    }
  }

  /** A key for a new record; one that is vacant, where records cannot be removed. */
  public String newKey() {
    String vacant = store.vacantRecords().poll();
    return vacant == null ? folder + UUID.randomUUID() + ".json" : vacant;
  }

  public void write(String at, UploadRecord record) {
    store.putHidden(at, record.toJson(), false);
  }

  /** Writes it as one that no process works on. */
  public void release(String at, UploadRecord record) {
    store.putPromptly(at, record.released().toJson());
  }

  /** Removes the record. Where that is denied, the next upload writes it again. */
  public void remove(String at, UploadRecord record) {
    if (!removed(at)) {
      store.putPromptly(at, record.vacated().toJson());
      store.vacantRecords().add(at);
    }
  }

  /** Removes what earlier runs could not; what is still denied may be written again. */
  void removeVacant(List<String> vacant) {
    boolean denied = false;
    for (String at : vacant) {
      denied = denied || !removed(at);
      if (denied && !store.vacantRecords().contains(at)) {
        store.vacantRecords().add(at);
      }
    }
  }

  private boolean removed(String at) {
    try {
      store.client().deleteObject(store.requests().delete(at));
      return true;
    } catch (AwsServiceException e) {
      if (e.statusCode() == 403) {
        return false;
      }
      throw e;
    }
  }

  List<Found> list() {
    List<Found> found = new ArrayList<>();
    for (ListObjectsV2Response page :
        store.client().listObjectsV2Paginator(store.requests().list(folder))) {
      Instant now = clockOf(page);
      for (S3Object object : page.contents()) {
        read(object.key())
            .ifPresent(
                record -> found.add(new Found(object.key(), record, object.lastModified(), now)));
      }
    }
    return found;
  }

  private Optional<UploadRecord> read(String key) {
    try {
      ResponseBytes<GetObjectResponse> text =
          store.client().getObjectAsBytes(store.requests().get(key, 0, null));
      return Optional.of(UploadRecord.parse(text.asByteArrayUnsafe(), key));
    } catch (NoSuchKeyException e) {
      // Its upload has just ended.
      return Optional.empty();
    } catch (BackupException e) {
      // Of a later version, perhaps: not ours to judge.
      return Optional.empty();
    }
  }

  /** The store's, which may differ from ours; ours when it does not say. */
  private Instant clockOf(ListObjectsV2Response page) {
    return page.sdkHttpResponse()
        .firstMatchingHeader("Date")
        .map(UploadRecords::parse)
        .orElseGet(() -> store.clock().instant());
  }

  private static @Nullable Instant parse(String date) {
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
