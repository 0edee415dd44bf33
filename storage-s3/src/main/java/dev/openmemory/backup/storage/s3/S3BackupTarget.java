package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.SweepsLeftovers;
import dev.openmemory.backup.spi.TargetTraits;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.storage.s3.internal.client.FolderListing;
import dev.openmemory.backup.storage.s3.internal.client.S3Clients;
import dev.openmemory.backup.storage.s3.internal.client.S3Failures;
import dev.openmemory.backup.storage.s3.internal.client.S3InputStream;
import dev.openmemory.backup.storage.s3.internal.client.S3Operation;
import dev.openmemory.backup.storage.s3.internal.client.S3Requests;
import dev.openmemory.backup.storage.s3.internal.client.Store;
import dev.openmemory.backup.storage.s3.internal.leftover.AbandonedUploads;
import dev.openmemory.backup.storage.s3.internal.multipart.CreateOnly;
import dev.openmemory.backup.storage.s3.internal.multipart.ObjectWrite;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Location;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Backups in a bucket: an object's key is the prefix of the location and its name.
 *
 * <p>How the duties are met: an object of up to one part is stored by one request, a larger one by
 * a multipart upload, which shows nothing before it is complete and is aborted whatever else
 * happens. Uploads of processes that have ended are known by hidden records and aborted by a sweep.
 * Create-only is the store's own condition; where {@link CreateOnly} finds that it has none, a look
 * before the write, and the traits say so. Each part is checked by the store (CRC32 or MD5), the
 * size of the whole by us.
 *
 * <p>Uploads have threads of their own while they last; one more, which watches over time-outs and
 * interrupts, lasts from the first request until the target is closed.
 */
final class S3BackupTarget implements BackupTarget, SweepsLeftovers {
  private static final Logger LOG = LoggerFactory.getLogger(S3BackupTarget.class);

  private final S3Location location;
  private final S3Options options;
  private final S3Failures failures;
  private final Store store;

  /** The ETags of what was read, for reads that continue. */
  private final Map<ObjectName, String> versions = new ConcurrentHashMap<>();

  /** The ids of failed writes that may have reached the store all the same. */
  private final Map<ObjectName, String> unsettled = new ConcurrentHashMap<>();

  private final AtomicReference<@Nullable String> passedOver = new AtomicReference<>();
  private final CreateOnly createOnly;
  private volatile boolean closed;

  /** A target that connects with the first call. */
  S3BackupTarget(S3Location location, S3Options options, RetrySettings retries, Clock clock)
      throws BackupException {
    this(
        location,
        options,
        retries,
        clock,
        new CallWatch("openmemory-backup-s3-watch"),
        () -> Owner.ofThisProcess(clock));
  }

  /**
   * The same.
   *
   * @param watch is closed with it
   * @param owner of its uploads
   */
  S3BackupTarget(
      S3Location location,
      S3Options options,
      RetrySettings retries,
      Clock clock,
      CallWatch watch,
      Supplier<Owner> owner)
      throws BackupException {
    this.location = location;
    this.options = options;
    this.failures = new S3Failures(location.bucket(), options.endpointName(), clock);
    S3Requests requests = new S3Requests(location.bucket(), options, retries, clock);
    S3Clients clients = S3Clients.open(options, retries, watch);
    this.store =
        new Store(
            clients,
            requests,
            location,
            options,
            retries,
            clock,
            owner,
            new ConcurrentLinkedQueue<>());
    this.createOnly = new CreateOnly(store);
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions how) throws IOException {
    S3Operation operation = begin("write", name);
    if (how.modified().isPresent()) {
      throw operation.failure(Kind.UNSUPPORTED, "a bucket dates its objects itself");
    }
    try (ObjectWrite write =
        new ObjectWrite(store, operation, name, how.replace(), createOnly, unsettled)) {
      return write.run(content);
    } finally {
      versions.remove(name);
    }
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    S3Operation operation = begin("read", name);
    if (offset < 0) {
      throw operation.failure(Kind.INVALID, "offset " + offset + " is negative");
    }
    try {
      return open(operation, name, offset);
    } catch (AwsServiceException e) {
      if (e.statusCode() == 416) {
        return atEnd(operation, name, offset);
      }
      if (e.statusCode() == 412) {
        versions.remove(name);
        throw operation.failure(Kind.FAILED, "was replaced while it was read");
      }
      throw operation.failure(e);
    } catch (SdkException e) {
      throw operation.failure(e);
    }
  }

  /** A read with an offset continues another one: only of the version that it began with. */
  private InputStream open(S3Operation operation, ObjectName name, long offset) throws IOException {
    String version = offset == 0 ? null : versions.get(name);
    ResponseInputStream<GetObjectResponse> answer =
        store.client().getObject(store.requests().get(location.key(name), offset, version));
    // Stores of plain files give none to an object that did not come through them.
    versions.compute(name, (n, old) -> answer.response().eTag());
    return S3InputStream.from(operation, answer, offset);
  }

  private InputStream atEnd(S3Operation operation, ObjectName name, long offset)
      throws BackupException {
    HeadObjectResponse stored =
        operation
            .ask(() -> store.head(location.key(name)))
            .orElseThrow(() -> operation.failure(Kind.NOT_FOUND, "does not exist"));
    if (offset == stored.contentLength()) {
      return InputStream.nullInputStream();
    }
    throw operation.failure(
        Kind.INVALID, "offset " + offset + " is outside of " + stored.contentLength() + " bytes");
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    return begin("stat", name)
        .ask(() -> store.head(location.key(name)))
        .map(stored -> Store.info(name, stored.contentLength(), stored.lastModified()));
  }

  @Override
  public List<ObjectInfo> list(String prefix) throws IOException {
    S3Operation operation = begin("list");
    if (!canBegin(prefix)) {
      return List.of();
    }
    return operation.ask(
        () ->
            store
                .client()
                .listObjectsV2Paginator(store.requests().list(location.root() + prefix))
                .contents()
                .stream()
                .flatMap(object -> store.info(object).stream())
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList());
  }

  @Override
  public List<ObjectInfo> listFolders(String prefix) throws IOException {
    S3Operation operation = begin("list");
    return canBegin(prefix)
        ? operation.ask(() -> new FolderListing(store, prefix, this::tellPassedOver).read())
        : List.of();
  }

  /** Once, since a shared bucket may have many such folders. */
  private void tellPassedOver(String folder) {
    if (passedOver.compareAndSet(null, folder)) {
      LOG.warn(
          "{}: the folder {} has more than {} objects and is left out, as are others of that size:"
              + " no backup has as many. Give backups a prefix of their own.",
          location,
          folder,
          FolderListing.MOST_OBJECTS);
    }
  }

  /** The first folder that was left out of a list for its size; null when none was. */
  @Nullable String passedOver() {
    return passedOver.get();
  }

  /** Whether a name can begin so; some stores resolve dots. */
  private static boolean canBegin(String prefix) {
    return prefix.isEmpty() || ObjectName.isValid(prefix) || ObjectName.isValid(prefix + "x");
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    begin("delete", name)
        .ask(() -> store.client().deleteObject(store.requests().delete(location.key(name))));
    versions.remove(name);
  }

  @Override
  public List<String> sweepLeftovers() throws IOException {
    return AbandonedUploads.sweep(store, begin("sweep"));
  }

  /**
   * The facts. Whether one of several writers wins is tried out; while that cannot be done, it
   * counts as no.
   */
  @Override
  public TargetTraits traits() {
    return new TargetTraits(
        true,
        isCreateOnlyKnown(),
        false,
        OptionalLong.of(options.parts().capacity()),
        options.bufferBytes());
  }

  private boolean isCreateOnlyKnown() {
    try {
      return !closed && createOnly.isHonoured(begin("write"));
    } catch (BackupException e) {
      return false;
    }
  }

  @Override
  public String location() {
    return location.toString();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      store.clients().close();
    }
  }

  @Override
  public String toString() {
    return "S3BackupTarget(" + location + ")";
  }

  private S3Operation begin(String verb, ObjectName name) throws BackupException {
    return begin(new S3Operation(verb, location + "/" + name, failures));
  }

  private S3Operation begin(String verb) throws BackupException {
    return begin(new S3Operation(verb, location.toString(), failures));
  }

  private S3Operation begin(S3Operation operation) throws BackupException {
    if (closed) {
      throw new IllegalStateException("the target is closed: " + location);
    }
    operation.checkInterrupt();
    return operation;
  }
}
