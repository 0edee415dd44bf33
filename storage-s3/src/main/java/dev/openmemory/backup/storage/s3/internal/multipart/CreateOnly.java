package dev.openmemory.backup.storage.s3.internal.multipart;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.storage.s3.internal.client.S3Failures;
import dev.openmemory.backup.storage.s3.internal.client.S3Operation;
import dev.openmemory.backup.storage.s3.internal.client.Store;
import dev.openmemory.backup.storage.s3.internal.part.Part;
import dev.openmemory.backup.storage.s3.internal.part.PartMemory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Finds out whether the store honours {@code If-None-Match: *}. Stores that do not know it take the
 * request as if it had none, or refuse it, so only an attempt shows it.
 */
public final class CreateOnly {
  private static final String KEY = "create-only";
  private static final byte[] BYTES = {'1'};

  private final Store store;
  private final S3Operation operation;

  public CreateOnly(Store store, S3Operation operation) {
    this.store = store;
    this.operation = operation;
  }

  /** Tries it with a hidden object, in one request and in parts. */
  public boolean isHonoured() throws BackupException {
    if (store.options().store().conditionalWrites) {
      return true;
    }
    return operation.ask(this::refusesPut) && refusesComplete();
  }

  private boolean refusesPut() {
    boolean existed = isRefused(this::put);
    return existed || isRefused(this::put);
  }

  private void put() {
    store.putHidden(store.location().hiddenKey(KEY), BYTES, true);
  }

  private boolean refusesComplete() throws BackupException {
    PartMemory memory = new PartMemory(store.options().parts());
    Part part = Part.of(BYTES);
    String key = store.location().hiddenKey(KEY);
    try (MultipartUpload upload =
        MultipartUpload.begin(store, operation, memory, store.requests().createHidden(key))) {
      upload.submit(1, part);
      upload.awaitParts();
      boolean refused =
          operation.ask(
              () ->
                  isRefused(() -> upload.complete(true, BYTES.length, store.digest(part).crc32())));
      if (!refused) {
        upload.succeeded();
      }
      return refused;
    }
  }

  /** Whether the name counted as taken. A store that does not know the condition at all is no. */
  private static boolean isRefused(Runnable request) {
    try {
      request.run();
      return false;
    } catch (AwsServiceException e) {
      if (e.statusCode() == 412) {
        return true;
      }
      if (e.statusCode() == 501 || "NotImplemented".equals(S3Failures.code(e))) {
        return false;
      }
      throw e;
    }
  }
}
