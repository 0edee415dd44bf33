package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.storage.s3.internal.client.S3Clients;
import dev.openmemory.backup.storage.s3.internal.part.PartPlan;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Location;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Tests against a {@link FaultyStore}. Whatever went wrong in one of them, at its end the store
 * holds what the test said that it should, and neither an open upload nor a record of one.
 */
@ExtendWith(AwsKeys.class)
@Timeout(value = 1, unit = TimeUnit.MINUTES)
abstract class OnFaultyStore {
  static final ObjectName NAME = new ObjectName("backup/archive.tar.gz");
  static final int PART = S3ProxyServer.PART;

  /** Three parts. */
  static final int LARGE = 2 * PART + 1000;

  static final int SMALL = 1000;

  private static final String PREFIX = "some/prefix/";

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final RetrySettings shortRetries = clearingUpWithin(Duration.ofSeconds(10));
  private final Set<String> expected = new TreeSet<>();
  private S3Server server;
  private FaultyStore store;
  private String bucket;
  private S3BackupTarget target;

  /** What is behind the faults. */
  S3Server server() throws Exception {
    return S3ProxyServer.shared();
  }

  @BeforeEach
  final void openTarget() throws Exception {
    server = server();
    store = FaultyStore.before(server);
    bucket = server.createBucket();
    target = target(Map.of());
  }

  @AfterEach
  @SuppressWarnings("try")
  final void nothingIsLeft() throws Exception {
    try (Closeable faults = store) {
      target.close();
      assertThat(openUploads()).as("open uploads").isEmpty();
      assertThat(records()).as("records of uploads").isEmpty();
      assertThat(server.keys(bucket).stream().filter(key -> !key.contains("/.openmemory-backup/")))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  final FaultyStore store() {
    return store;
  }

  /** Past the faults. */
  final S3Client raw() {
    return server.client();
  }

  final String bucket() {
    return bucket;
  }

  final S3BackupTarget target() {
    return target;
  }

  /** From now on {@link #target} is one with these options, too. */
  final void reopen(Map<String, String> options) throws BackupException {
    target.close();
    target = target(options);
  }

  /** The same with that plan, which no options could make. */
  final void reopen(PartPlan parts) throws BackupException {
    target.close();
    S3Options o = options(Map.of());
    target =
        target(
            new S3Options(
                o.store(),
                o.endpoint(),
                o.region(),
                o.pathStyle(),
                o.profile(),
                o.anonymous(),
                o.requesterPays(),
                o.customerKey(),
                o.caFile(),
                o.timeout(),
                o.checksums(),
                parts,
                o.objects(),
                o.aws(),
                o.proxy()),
            shortRetries);
  }

  /** The same, which gives up each request that clears away after that time. */
  final void reopenCleaningUpWithin(Duration cleanup) throws BackupException {
    target.close();
    target = target(options(Map.of()), clearingUpWithin(cleanup));
  }

  /** The same, which pauses so long before it repeats a request. */
  final void reopenPausing(Duration pause) throws BackupException {
    target.close();
    target = target(options(Map.of()), new RetrySettings(5, 3, pause, pause, pause));
  }

  private RetrySettings clearingUpWithin(Duration cleanup) {
    return new RetrySettings(5, 3, Duration.ofMillis(1), Duration.ofMillis(20), cleanup, told::add);
  }

  /** What was said of attempts that were repeated. */
  final List<String> told() {
    return told;
  }

  private S3BackupTarget target(Map<String, String> options) throws BackupException {
    return target(options(options), shortRetries);
  }

  private S3BackupTarget target(S3Options options, RetrySettings retries) throws BackupException {
    return new S3BackupTarget(
        S3Location.parse(URI.create("s3://" + bucket + "/" + PREFIX)),
        options,
        retries,
        Clock.systemUTC(),
        store.time().watch(),
        () -> Owner.ofThisProcess(Clock.systemUTC()));
  }

  private S3Options options(Map<String, String> options) throws BackupException {
    return server.options(store.endpoint(), options);
  }

  static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  final ObjectInfo write(int length) throws IOException {
    return target.write(NAME, content(length), WriteOptions.CREATE_ONLY);
  }

  static Content content(int length) {
    return out -> out.write(bytes(length));
  }

  static String key(ObjectName name) {
    return PREFIX + name;
  }

  /** The call fails with a failure of ours, of that kind and no other. */
  static BackupException assertFails(BackupException.Kind kind, ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(BackupException.class);
    BackupException failure = (BackupException) thrown;
    assertThat(failure.kind()).as("%s", failure.getMessage()).isEqualTo(kind);
    return failure;
  }

  /** The object is there with {@link #bytes} of that length, and may be there at the end. */
  final void assertHolds(int length) {
    expected.add(key(NAME));
    assertThat(raw().getObjectAsBytes(r -> r.bucket(bucket).key(key(NAME))).asByteArrayUnsafe())
        .isEqualTo(bytes(length));
  }

  /** Opens the object again and again, until the target has no connection for anything else. */
  final Closeable occupyAllConnections() throws IOException {
    List<InputStream> readers = new ArrayList<>();
    for (int i = 0; i < S3Clients.connections(S3Server.PARALLELISM); i++) {
      readers.add(target.read(NAME, 0));
    }
    return () -> {
      for (InputStream reader : readers) {
        reader.close();
      }
    };
  }

  /** Somebody else stores that under the name. */
  final void writeForeign(int length) {
    raw().putObject(r -> r.bucket(bucket).key(key(NAME)), RequestBody.fromBytes(bytes(length)));
  }

  /** Somebody else aborts all uploads. */
  final void abortAll() {
    raw()
        .listMultipartUploads(r -> r.bucket(bucket))
        .uploads()
        .forEach(
            upload ->
                raw()
                    .abortMultipartUpload(
                        r -> r.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
  }

  final List<String> openUploads() {
    return server.openUploads(bucket);
  }

  final List<String> records() {
    return server.records(bucket);
  }
}
