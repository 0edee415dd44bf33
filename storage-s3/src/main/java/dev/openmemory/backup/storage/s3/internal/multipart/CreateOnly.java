package dev.openmemory.backup.storage.s3.internal.multipart;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.s3.internal.client.S3Failures;
import dev.openmemory.backup.storage.s3.internal.client.S3Operation;
import dev.openmemory.backup.storage.s3.internal.client.Store;
import dev.openmemory.backup.storage.s3.internal.part.Part;
import dev.openmemory.backup.storage.s3.internal.part.PartMemory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Whether the store honours {@code If-None-Match: *}. Stores that do not know it take the request
 * as if it had none, or refuse it, so only an attempt shows it. A yes is noted in the bucket, for
 * this bucket at this endpoint only. Thread-safe.
 */
public final class CreateOnly {
  private static final Logger LOG = LoggerFactory.getLogger(CreateOnly.class);
  private static final String KEY = "create-only";
  private static final byte[] UNKNOWN = {'1'};

  /** Facts about a target are asked for often, also while its store is away. */
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(5);

  private final Store store;
  private final String key;
  private final byte[] honoured;
  private final ReentrantLock learning = new ReentrantLock();
  private volatile @Nullable Answer known;
  private volatile @Nullable Instant failed;

  /** What an attempt showed. */
  private enum Answer {
    YES,
    NO,
    /** Yes for an object in one request; no upload in parts could show it. */
    WHOLE,
    /** The request was refused for a reason that says nothing about its condition. */
    OPEN
  }

  public CreateOnly(Store store) {
    this.store = store;
    this.key = store.location().hiddenKey(KEY);
    this.honoured =
        ("honoured by " + store.options().endpointName() + " for " + store.location().bucket())
            .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Whether it is honoured for objects of every size. Asks the store when it is not known, except
   * for some minutes after the store could not answer: then it counts as no.
   *
   * @throws BackupException when the store cannot answer now, or the thread is interrupted
   */
  public boolean isHonoured(S3Operation operation) throws BackupException {
    Instant before = failed;
    boolean away =
        before != null && store.clock().instant().isBefore(before.plus(PAUSE_AFTER_FAILURE));
    return (known != null || !away) && answer(operation) == Answer.YES;
  }

  /**
   * Whether it is honoured for an object in one request. Asks the store when it is not known.
   *
   * @throws BackupException when the store cannot answer now; the next call asks again
   */
  boolean isHonouredWhole(S3Operation operation) throws BackupException {
    Answer answer = answer(operation);
    return answer == Answer.YES || answer == Answer.WHOLE;
  }

  /** The same for an upload in parts, as far as it is known. */
  boolean isHonouredInParts() {
    return known == Answer.YES;
  }

  private Answer answer(S3Operation operation) throws BackupException {
    Answer answer = known;
    if (answer != null) {
      return answer;
    }
    try {
      learning.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw operation.failure(Kind.CANCELLED, "interrupted");
    }
    try {
      answer = known;
      return answer == null ? remembered(operation) : answer;
    } finally {
      learning.unlock();
    }
  }

  private Answer remembered(S3Operation operation) throws BackupException {
    try {
      Answer answer = learn(operation);
      failed = answer == Answer.OPEN ? store.clock().instant() : null;
      known = answer == Answer.OPEN ? null : answer;
      return answer;
    } catch (BackupException e) {
      failed = e.kind() == Kind.CANCELLED ? failed : store.clock().instant();
      throw e;
    }
  }

  /** The store did not honour it: this run relies on it no more, and the next one asks again. */
  void contradicted() {
    known = Answer.NO;
    note(UNKNOWN);
  }

  private Answer learn(S3Operation operation) throws BackupException {
    Answer put = attempt(operation, this::put);
    if (put == Answer.YES && isNoted(operation)) {
      return Answer.YES;
    }
    if (put == Answer.NO) {
      // The object may just have been made by this attempt.
      put = attempt(operation, this::put);
    }
    Answer both = put == Answer.YES ? complete(operation) : put;
    if (both == Answer.YES) {
      note(honoured);
    }
    return both;
  }

  private void put() {
    store.putHidden(key, UNKNOWN, true);
  }

  /** A note that cannot be read, as one in an archive or with another key, is none. */
  private boolean isNoted(S3Operation operation) throws BackupException {
    try {
      return operation.ask(
          () ->
              Arrays.equals(
                  store
                      .client()
                      .getObjectAsBytes(store.requests().get(key, 0, null))
                      .asByteArrayUnsafe(),
                  honoured));
    } catch (BackupException e) {
      requireAnswer(e);
      return false;
    }
  }

  private void note(byte[] text) {
    try {
      store.putHidden(key, text, false);
    } catch (SdkException e) {
      LOG.debug("what was learnt about the store could not be noted", e);
    }
  }

  private Answer complete(S3Operation operation) throws BackupException {
    PartMemory memory = new PartMemory(store.options().parts());
    Part part = Part.of(UNKNOWN);
    try (MultipartUpload upload =
        MultipartUpload.begin(store, operation, memory, store.requests().createHidden(key))) {
      upload.submit(1, part);
      upload.awaitParts();
      Answer answer =
          attempt(
              operation,
              () -> {
                upload.complete(true, UNKNOWN.length, store.digest(part).crc32());
                upload.succeeded();
              });
      return answer == Answer.OPEN ? Answer.WHOLE : answer;
    } catch (BackupException e) {
      requireAnswer(e);
      return Answer.WHOLE;
    }
  }

  /** Throws the failure again unless the store has answered, and would do so again. */
  private static void requireAnswer(BackupException failure) throws BackupException {
    if (failure.kind().isTransient() || failure.kind() == Kind.CANCELLED) {
      throw failure;
    }
  }

  private static Answer attempt(S3Operation operation, Runnable request) throws BackupException {
    operation.checkInterrupt();
    try {
      request.run();
      return Answer.NO;
    } catch (AwsServiceException e) {
      BackupException failure = operation.failure(e);
      requireAnswer(failure);
      return switch (e.statusCode()) {
        case 412 -> Answer.YES;
        case 401, 403, 404 -> {
          if (!"AccessDenied".equals(S3Failures.code(e))) {
            // No key, no bucket: without a condition it would be the same.
            throw failure;
          }
          yield Answer.OPEN;
        }
        default -> Answer.NO;
      };
    } catch (SdkException e) {
      throw operation.failure(e);
    }
  }

  /** Whether the failure may come from a store that does not know the condition. */
  static boolean isUnknownCondition(SdkException e) {
    return S3Failures.isUnknownRequest(e)
        || "InvalidArgument".equals(S3Failures.code(e))
        || "InvalidRequest".equals(S3Failures.code(e));
  }
}
