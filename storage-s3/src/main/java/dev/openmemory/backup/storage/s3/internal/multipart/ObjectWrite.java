package dev.openmemory.backup.storage.s3.internal.multipart;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.storage.s3.internal.client.S3Operation;
import dev.openmemory.backup.storage.s3.internal.client.S3Requests;
import dev.openmemory.backup.storage.s3.internal.client.Store;
import dev.openmemory.backup.storage.s3.internal.part.Part;
import dev.openmemory.backup.storage.s3.internal.part.PartDigest;
import dev.openmemory.backup.storage.s3.internal.part.PartMemory;
import dev.openmemory.backup.storage.s3.internal.part.PartStream;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * One write of one object: in one request when it fits into a part, otherwise in parts.
 *
 * <p>An answer that got lost leaves open whether the object is there. Each write therefore puts an
 * id of its own on the object, and looks for it when the outcome is not known.
 */
public final class ObjectWrite implements PartStream.Parts, AutoCloseable {
  /** Another client writes the same name; the first write to finish decides. */
  private static final int CONFLICTS = 5;

  private final Store store;
  private final S3Operation operation;
  private final ObjectName name;
  private final String key;
  private final boolean replace;
  private final CreateOnly createOnly;
  private final Map<ObjectName, String> unsettled;
  private final String writeId = UUID.randomUUID().toString();
  private final PartMemory memory;
  private boolean conditional;
  private @Nullable MultipartUpload upload;
  private @Nullable BackupException broken;

  /**
   * A write that has not begun.
   *
   * @param createOnly whether the store itself refuses an existing name
   * @param unsettled ids of writes of the same target that failed and may yet be there
   */
  public ObjectWrite(
      Store store,
      S3Operation operation,
      ObjectName name,
      boolean replace,
      CreateOnly createOnly,
      Map<ObjectName, String> unsettled) {
    this.store = store;
    this.operation = operation;
    this.name = name;
    this.key = store.location().key(name);
    this.replace = replace;
    this.createOnly = createOnly;
    this.unsettled = unsettled;
    this.memory = new PartMemory(store.options().parts());
  }

  public ObjectInfo run(Content content) throws IOException {
    conditional = !replace && createOnly.isHonouredWhole(operation);
    PartStream stream = new PartStream(store.options().parts(), this);
    content.writeTo(stream);
    if (broken != null) {
      throw broken;
    }
    operation.checkInterrupt();
    return stream.isWhole() ? putWhole(stream) : completeParts(stream);
  }

  private ObjectInfo putWhole(PartStream stream) throws BackupException {
    PartDigest digest = store.digest(stream.rest());
    return publish(
        stream.size(),
        () ->
            store
                .uploads()
                .putObject(
                    store.requests().put(key, writeId, conditional, digest), stream.rest().body()));
  }

  private ObjectInfo completeParts(PartStream stream) throws IOException {
    stream.finish();
    MultipartUpload parts = begun();
    parts.awaitParts();
    conditional &= createOnly.isHonouredInParts();
    String crc32 = store.options().checksums() ? PartDigest.crc32(stream.crc()) : null;
    ObjectInfo written =
        publish(stream.size(), () -> parts.complete(conditional, stream.size(), crc32));
    parts.succeeded();
    return written;
  }

  /** Runs the request that makes the object visible, and finds out whether it did. */
  private ObjectInfo publish(long size, Runnable request) throws BackupException {
    for (int conflicts = 0; ; conflicts++) {
      operation.checkInterrupt();
      requireAbsent();
      SdkException failure = attempt(request);
      Optional<HeadObjectResponse> stored = headAfter(failure);
      if (stored.isPresent() && has(stored.get(), writeId)) {
        unsettled.remove(name);
        return verified(size, stored.get());
      }
      if (failure == null) {
        return withoutOurId(size, stored);
      }
      boolean conflict = isStatus(failure, 409) || isStatus(failure, 412);
      if (conflict && stored.isPresent() && !replace && !removedUnsettled(stored.get())) {
        throw Kind.ALREADY_EXISTS.failure(
            operation.verb(), operation.location(), "exists already", failure);
      }
      boolean again = lookInsteadOfCondition(failure, conflicts) || conflict;
      if (!again) {
        unsettled.put(name, writeId);
      }
      if (!again || conflicts >= CONFLICTS) {
        throw operation.failure(failure);
      }
      operation.pause(store.retries().pause(conflicts));
    }
  }

  /**
   * Whether the condition was refused as such. Then a look has to do from now on, and also when it
   * keeps being said to be missed by a name that the store itself calls deleted. That a look finds
   * nothing does not suffice: it may be of an earlier time.
   */
  private boolean lookInsteadOfCondition(SdkException failure, int conflicts)
      throws BackupException {
    boolean unknown = conditional && CreateOnly.isUnknownCondition(failure);
    if (unknown) {
      createOnly.contradicted();
    }
    boolean missed = conditional && conflicts > 0 && isStatus(failure, 412);
    conditional &= !unknown && !(missed && operation.ask(() -> store.isDeleted(key)));
    return unknown;
  }

  /** What to make of another object, or of ours without its metadata, after a success. */
  private ObjectInfo withoutOurId(long size, Optional<HeadObjectResponse> stored)
      throws BackupException {
    if (stored.isEmpty()) {
      throw operation.failure(Kind.FAILED, "the store said it was stored, and does not have it");
    }
    if (!stored.get().metadata().containsKey(S3Requests.WRITE_ID)) {
      // There are stores that keep no metadata.
      return verified(size, stored.get());
    }
    if (!replace) {
      throw operation.failure(Kind.FAILED, "the store said it was stored, and has something else");
    }
    // A faster replacement of the same name: ours was a success that did not last.
    return Store.info(name, stored.get().contentLength(), stored.get().lastModified());
  }

  private static @Nullable SdkException attempt(Runnable request) {
    try {
      request.run();
      return null;
    } catch (SdkException e) {
      return e;
    }
  }

  /**
   * What is under the name now. After a failure this must not fail, nor be stopped by an interrupt:
   * then nothing is known, and the failure says so.
   */
  private Optional<HeadObjectResponse> headAfter(@Nullable SdkException failure)
      throws BackupException {
    if (failure == null) {
      return operation.ask(this::look);
    }
    try {
      return Uninterrupted.call(() -> store.head(store.requests().headPromptly(key)));
    } catch (SdkException e) {
      failure.addSuppressed(e);
      return Optional.empty();
    }
  }

  private Optional<HeadObjectResponse> look() {
    return store.head(key);
  }

  private static boolean has(HeadObjectResponse stored, String writeId) {
    return writeId.equals(stored.metadata().get(S3Requests.WRITE_ID));
  }

  /** What a write left that was said to have failed is not in the way of its repetition. */
  private boolean removedUnsettled(HeadObjectResponse stored) throws BackupException {
    String earlier = unsettled.remove(name);
    if (earlier == null || !has(stored, earlier)) {
      return false;
    }
    operation.ask(() -> store.client().deleteObject(store.requests().delete(key)));
    return true;
  }

  private ObjectInfo verified(long size, HeadObjectResponse stored) throws BackupException {
    if (stored.contentLength() != size) {
      operation.ask(() -> store.client().deleteObject(store.requests().delete(key)));
      throw operation.failure(
          Kind.CORRUPT, "the store has " + stored.contentLength() + " of " + size + " bytes");
    }
    return Store.info(name, size, stored.lastModified());
  }

  /** Where the store does not decide it, a look has to do. */
  private void requireAbsent() throws BackupException {
    if (!replace && !conditional) {
      requireAbsentNow();
    }
  }

  private void requireAbsentNow() throws BackupException {
    Optional<HeadObjectResponse> stored = operation.ask(this::look);
    if (stored.isPresent() && !has(stored.get(), writeId) && !removedUnsettled(stored.get())) {
      throw operation.failure(Kind.ALREADY_EXISTS, "exists already");
    }
  }

  private static boolean isStatus(SdkException e, int status) {
    return e instanceof AwsServiceException answer && answer.statusCode() == status;
  }

  @Override
  public byte[] chunk() throws IOException {
    try {
      return memory.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw broken(operation.failure(Kind.CANCELLED, "interrupted"));
    }
  }

  @Override
  public void submit(int number, Part part) throws IOException {
    try {
      if (number > store.options().parts().maxParts()) {
        throw tooLarge();
      }
      if (upload == null) {
        // Early, for nothing should be read and compressed in vain; the end decides.
        if (!replace) {
          requireAbsentNow();
        }
        upload =
            MultipartUpload.begin(store, operation, memory, store.requests().create(key, writeId));
      }
      operation.checkInterrupt();
      upload.checkParts();
      upload.submit(number, part);
    } catch (BackupException e) {
      throw broken(e);
    }
  }

  /** What the content gets to see must not get lost in it. */
  private BackupException broken(BackupException failure) {
    broken = failure;
    return failure;
  }

  private BackupException tooLarge() {
    return operation.failure(
        Kind.UNSUPPORTED,
        "larger than the "
            + store.options().parts().capacity()
            + " bytes that "
            + store.options().parts().maxParts()
            + " parts of this 'part-size' hold");
  }

  private MultipartUpload begun() {
    return Objects.requireNonNull(upload);
  }

  @Override
  public void close() {
    if (upload != null) {
      upload.close();
    }
  }
}
