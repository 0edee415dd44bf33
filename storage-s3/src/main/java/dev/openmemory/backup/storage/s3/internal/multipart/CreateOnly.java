package dev.openmemory.backup.storage.s3.internal.multipart;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.storage.s3.internal.client.S3Failures;
import dev.openmemory.backup.storage.s3.internal.client.S3Operation;
import dev.openmemory.backup.storage.s3.internal.client.Store;
import dev.openmemory.backup.storage.s3.internal.part.Part;
import dev.openmemory.backup.storage.s3.internal.part.PartMemory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  private final Store store;
  private final String key;
  private final byte[] honoured;
  private @Nullable Boolean known;

  /** What an attempt showed. */
  private enum Answer {
    YES,
    NO,
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
   * Asks the store when it is not known.
   *
   * @throws BackupException when the store cannot answer now; the next call asks again
   */
  public synchronized boolean isHonoured(S3Operation operation) throws BackupException {
    if (known == null) {
      Answer answer = learn(operation);
      known = answer == Answer.OPEN ? null : Boolean.valueOf(answer == Answer.YES);
    }
    return Boolean.TRUE.equals(known);
  }

  /** The store did not honour it: this run relies on it no more, and the next one asks again. */
  synchronized void contradicted() {
    known = false;
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

  private boolean isNoted(S3Operation operation) throws BackupException {
    return operation.ask(
        () ->
            Arrays.equals(
                store
                    .client()
                    .getObjectAsBytes(store.requests().get(key, 0, null))
                    .asByteArrayUnsafe(),
                honoured));
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
      return attempt(
          operation,
          () -> {
            upload.complete(true, UNKNOWN.length, store.digest(part).crc32());
            upload.succeeded();
          });
    } catch (BackupException e) {
      if (e.kind().isTransient() || e.kind() == Kind.CANCELLED) {
        throw e;
      }
      return Answer.OPEN;
    }
  }

  private static Answer attempt(S3Operation operation, Runnable request) throws BackupException {
    operation.checkInterrupt();
    try {
      request.run();
      return Answer.NO;
    } catch (AwsServiceException e) {
      BackupException failure = operation.failure(e);
      if (failure.kind().isTransient() || failure.kind() == Kind.CANCELLED) {
        throw failure;
      }
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
