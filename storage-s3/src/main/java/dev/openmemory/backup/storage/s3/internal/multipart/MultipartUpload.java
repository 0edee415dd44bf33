package dev.openmemory.backup.storage.s3.internal.multipart;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.storage.s3.internal.client.S3Operation;
import dev.openmemory.backup.storage.s3.internal.client.S3Requests;
import dev.openmemory.backup.storage.s3.internal.client.Store;
import dev.openmemory.backup.storage.s3.internal.leftover.OpenUploads;
import dev.openmemory.backup.storage.s3.internal.leftover.UploadRecord;
import dev.openmemory.backup.storage.s3.internal.leftover.UploadRecords;
import dev.openmemory.backup.storage.s3.internal.part.Part;
import dev.openmemory.backup.storage.s3.internal.part.PartDigest;
import dev.openmemory.backup.storage.s3.internal.part.PartMemory;
import dev.openmemory.backup.storage.s3.internal.settings.StoreProfile;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * An object that travels in parts, several at once. Nothing of it is visible until it is complete;
 * closed before that, it leaves nothing: the upload is aborted in the thread that closes it.
 */
public final class MultipartUpload implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);

  /** The watch ends their requests at once; a store is not waited for. */
  private static final Duration LONGEST_END_OF_PARTS = Duration.ofSeconds(15);

  private final Store store;
  private final S3Operation operation;
  private final PartMemory memory;
  private final UploadRecords records;
  private final String recordKey;
  private final ScheduledThreadPoolExecutor workers;
  private final Map<Integer, CompletedPart> parts = new ConcurrentSkipListMap<>();
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
  private volatile UploadRecord record;
  private boolean done;

  private MultipartUpload(
      Store store, S3Operation operation, PartMemory memory, UploadRecord record) {
    this.store = store;
    this.operation = operation;
    this.memory = memory;
    this.record = record;
    this.records = new UploadRecords(store);
    this.recordKey = records.newKey();
    this.workers =
        new ScheduledThreadPoolExecutor(
            store.options().parallelism(),
            task -> {
              Thread thread = new Thread(task, "openmemory-backup-s3-part");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Begins the upload. A record names its key before the upload exists. */
  static MultipartUpload begin(
      Store store, S3Operation operation, PartMemory memory, CreateMultipartUploadRequest request)
      throws BackupException {
    UploadRecord record = new UploadRecord(request.key(), null, store.owner().get());
    MultipartUpload upload = new MultipartUpload(store, operation, memory, record);
    try {
      upload.create(request);
      return upload;
    } catch (BackupException | RuntimeException e) {
      upload.close();
      throw e;
    }
  }

  // What a refreshment throws is caught there.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void create(CreateMultipartUploadRequest request) throws BackupException {
    operation.ask(
        () -> {
          records.write(recordKey, record);
          String id = store.uploads().createMultipartUpload(request).uploadId();
          record = record.named(id);
          records.write(recordKey, record);
          return id;
        });
    long seconds = UploadRecord.REFRESH.toSeconds();
    workers.scheduleWithFixedDelay(this::refreshRecord, seconds, seconds, TimeUnit.SECONDS);
  }

  /** Uploads the part when a thread is free, and gives its memory back. */
  void submit(int number, Part part) {
    workers.execute(() -> upload(number, part));
  }

  private void upload(int number, Part part) {
    try {
      if (broken.get() == null) {
        PartDigest digest = store.digest(part);
        UploadPartResponse answer =
            store
                .uploads()
                .uploadPart(store.requests().part(record.key(), id(), number, digest), part.body());
        parts.put(
            number,
            CompletedPart.builder()
                .partNumber(number)
                .eTag(answer.eTag())
                .checksumCRC32(digest.crc32())
                .build());
      }
    } catch (RuntimeException | Error e) {
      broken.compareAndSet(null, e);
    } finally {
      memory.release(part);
    }
  }

  /** Throws what went wrong with a part, if anything did. */
  void checkParts() throws BackupException {
    Throwable failure = broken.get();
    if (failure instanceof SdkException e) {
      throw operation.failure(e);
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /** Waits until the store has every part. */
  void awaitParts() throws BackupException {
    workers.shutdown();
    try {
      while (!workers.awaitTermination(1, TimeUnit.SECONDS)) {
        checkParts();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Kind.CANCELLED.failure(operation.verb(), operation.location(), "interrupted", e);
    }
    checkParts();
  }

  /**
   * Has the store put the parts together. When this throws, the object may be there all the same.
   *
   * @param crc32 of all bytes, when the store checks that
   */
  void complete(boolean createOnly, long size, @Nullable String crc32) {
    CompleteMultipartUploadRequest.Builder request =
        store
            .requests()
            .complete(record.key(), id())
            .multipartUpload(all -> all.parts(parts.values()))
            .ifNoneMatch(createOnly ? S3Requests.ANY : null);
    if (crc32 != null) {
      request.checksumCRC32(crc32).checksumType(ChecksumType.FULL_OBJECT);
    }
    if (store.options().store() == StoreProfile.AWS) {
      request.mpuObjectSize(size);
    }
    store.uploads().completeMultipartUpload(request.build());
  }

  /** The object is there: nothing is to be aborted any more. */
  void succeeded() {
    done = true;
  }

  private String id() {
    return Objects.requireNonNull(record.uploadId());
  }

  private void refreshRecord() {
    try {
      records.write(recordKey, record);
    } catch (SdkException e) {
      LOG.debug("the record of an upload could not be refreshed", e);
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
    try {
      Uninterrupted.run(
          () -> {
            awaitWorkers();
            cleanUp();
          });
    } catch (SdkException e) {
      LOG.warn(
          "{}: the record of an upload is left until this process ends: {}",
          operation.location(),
          e.getMessage());
    }
  }

  private void awaitWorkers() {
    try {
      workers.awaitTermination(LONGEST_END_OF_PARTS.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("this thread was never interrupted", e);
    }
  }

  private void cleanUp() {
    try {
      if (isGone()) {
        records.remove(recordKey, record);
        return;
      }
    } catch (SdkException e) {
      LOG.warn(
          "{}: an upload is left for a later run to abort: {}",
          operation.location(),
          e.getMessage());
    }
    // So that this process's next sweep may have it, too.
    records.release(recordKey, record);
  }

  private boolean isGone() {
    OpenUploads uploads = new OpenUploads(store, records);
    String id = record.uploadId();
    return (done || id == null || uploads.abort(record.key(), id)) && abortOthers(uploads);
  }

  /** Creating the upload may have been tried more than once. */
  private boolean abortOthers(OpenUploads uploads) {
    try {
      return uploads.abortUnclaimed(record.key(), recordKey::equals);
    } catch (AwsServiceException e) {
      // The right to upload does not imply the right to list uploads.
      if (e.statusCode() == 403 && done) {
        return true;
      }
      throw e;
    }
  }
}
