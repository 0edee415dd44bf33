package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.target.Backoff;
import dev.openmemory.backup.internal.target.TargetStack;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Location;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not, or not yet, a store: who is not there, who is somebody else, whom nobody trusts. */
@ExtendWith(AwsKeys.class)
@Isolated("it changes the keys")
class S3EndpointTest {
  private static final ObjectName NAME = new ObjectName("a");
  private static final RetrySettings SHORT =
      new RetrySettings(2, 2, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(10));

  @TempDir Path folder;

  private static S3BackupTarget target(URI endpoint, Map<String, String> options)
      throws BackupException {
    return target(endpoint, options, SHORT);
  }

  private static S3BackupTarget target(
      URI endpoint, Map<String, String> options, RetrySettings retries) throws BackupException {
    Map<String, String> all = new HashMap<>(options);
    all.put("endpoint", endpoint.toString());
    all.putIfAbsent("region", S3Server.REGION);
    return new S3BackupTarget(
        S3Location.parse(URI.create("s3://bucket")),
        S3Options.of(new ProviderOptions("s3", all)),
        retries,
        Clock.systemUTC());
  }

  private static BackupException failure(URI endpoint, Map<String, String> options)
      throws BackupException {
    try (S3BackupTarget target = target(endpoint, options)) {
      Throwable thrown = catchThrowable(() -> target.list(""));
      assertThat(thrown).isInstanceOf(BackupException.class);
      return (BackupException) thrown;
    }
  }

  @Test
  void aClosedPortIsUnavailable() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    BackupException failure = failure(URI.create("http://127.0.0.1:" + port), Map.of());

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("no answer at http://127.0.0.1:" + port);
  }

  @Test
  void anUnknownHostIsUnavailable() throws Exception {
    BackupException failure = failure(URI.create("https://no-such-store.invalid"), Map.of());

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure)
        .hasMessageContaining("the host is not known at https://no-such-store.invalid");
  }

  /** One that would be waited for, if anything had ever been there. */
  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1", "https://no-such-store.invalid"})
  void whereNothingEverAnsweredNothingIsWaitedFor(URI endpoint) throws Exception {
    Duration hour = Duration.ofHours(1);
    List<Duration> pauses = new ArrayList<>();
    try (S3BackupTarget target =
            target(endpoint, Map.of(), new RetrySettings(9, 3, hour, hour, hour));
        BackupTarget stack = TargetStack.over(target, false, Backoff.DEFAULT, pauses::add)) {
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> stack.list(""),
              () -> stack.write(NAME, out -> out.write(1), WriteOptions.CREATE_ONLY),
              () -> stack.write(NAME, out -> out.write(1), WriteOptions.REPLACE))) {
        assertThat(catchThrowable(call))
            .isInstanceOfSatisfying(
                BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
            .hasMessageContaining("at " + endpoint);
      }
    }

    // What a content wrote already is not asked for again.
    assertThat(pauses).hasSize(2).allMatch(pause -> pause.compareTo(Duration.ofSeconds(1)) < 0);
  }

  @Test
  void aStoreThatWasThereIsWaitedFor() throws Exception {
    S3Server server = S3ProxyServer.shared();
    List<Duration> pauses = new ArrayList<>();
    FaultyStore store = FaultyStore.before(server);
    try (S3BackupTarget target =
            new S3BackupTarget(
                S3Location.parse(URI.create("s3://" + server.createBucket())),
                server.options(store.endpoint(), Map.of()),
                SHORT,
                Clock.systemUTC());
        BackupTarget stack = TargetStack.over(target, false, Backoff.DEFAULT, pauses::add)) {
      stack.list("");
      store.close();

      // Bound and not listening: nothing else gets the port meanwhile, and nothing answers there.
      try (Socket free = new Socket()) {
        free.setReuseAddress(true);
        free.bind(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), store.endpoint().getPort()));
        assertThat(catchThrowable(() -> stack.list(""))).isInstanceOf(BackupException.class);
      }
    }

    assertThat(pauses).hasSize(Backoff.DEFAULT.attempts() - 1);
  }

  @Test
  void aServerThatDoesNotSpeakHttpIsNoStore() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread banner =
          new Thread(
              () -> {
                while (true) {
                  try (Socket client = listener.accept()) {
                    client
                        .getOutputStream()
                        .write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII));
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      banner.setDaemon(true);
      banner.start();

      BackupException failure =
          failure(URI.create("http://127.0.0.1:" + listener.getLocalPort()), Map.of());

      assertThat(failure.kind()).isIn(Kind.UNAVAILABLE, Kind.INVALID);
    }
  }

  @Test
  void aWrongSecretKeyIsDeniedAndNotShown() throws Exception {
    S3Server server = S3ProxyServer.shared();
    String bucket = server.createBucket();
    String right = System.setProperty("aws.secretAccessKey", "a-wrong-and-secret-key");
    try (S3BackupTarget target =
        new S3BackupTarget(
            S3Location.parse(URI.create("s3://" + bucket)),
            S3Options.of(server.options()),
            SHORT,
            Clock.systemUTC())) {
      Throwable thrown =
          catchThrowable(() -> target.write(NAME, out -> out.write(1), WriteOptions.CREATE_ONLY));

      assertThat(thrown)
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED))
          .hasMessageContaining("the secret key does not belong to the access key");
      assertThat(everythingSaid(thrown, target))
          .doesNotContain("a-wrong-and-secret-key", AwsKeys.ID);
    } finally {
      System.setProperty("aws.secretAccessKey", right);
    }
  }

  @Test
  void anUnknownAccessKeyIsDeniedAndNotShown() throws Exception {
    S3Server server = S3ProxyServer.shared();
    String right = System.setProperty("aws.accessKeyId", "AKIAUNKNOWNTOTHESTORE");
    try (S3BackupTarget target =
        new S3BackupTarget(
            S3Location.parse(URI.create("s3://bucket")),
            S3Options.of(server.options()),
            SHORT,
            Clock.systemUTC())) {
      Throwable thrown = catchThrowable(() -> target.list(""));

      assertThat(thrown)
          .isInstanceOfSatisfying(
              BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DENIED));
      assertThat(everythingSaid(thrown, target))
          .doesNotContain("AKIAUNKNOWNTOTHESTORE", AwsKeys.SECRET);
    } finally {
      System.setProperty("aws.accessKeyId", right);
    }
  }

  private static String everythingSaid(Throwable thrown, S3BackupTarget target) {
    StringWriter said = new StringWriter();
    thrown.printStackTrace(new PrintWriter(said));
    return said + target.toString() + target.location();
  }

  @Test
  @Tag("services")
  void withoutCredentialsEverythingIsDeniedAndTheEnvironmentIsNamed() throws Exception {
    try (FaultyStore store = FaultyStore.before(S3ProxyServer.shared())) {
      String said =
          KeylessReader.read(
              store.endpoint(), folder, Duration.ofSeconds(60).toMillis(), TimeUnit.MILLISECONDS);

      assertThat(said).startsWith("DENIED").contains("no credentials");
      assertThat(store.requests()).isEmpty();
    }
  }

  @Test
  void aCertificateThatNobodySignedIsNotTrustedUntilItIsNamed() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder);
    S3Server server = S3ProxyServer.shared();
    String bucket = server.createBucket();
    try (FaultyStore store =
        FaultyStore.before(server.endpoint(), "https", certificate.sockets())) {
      BackupException failure = failure(store.endpoint(), Map.of());
      assertThat(failure.kind()).isEqualTo(Kind.FAILED);
      assertThat(failure).hasMessageContaining("the certificate is not trusted at https://127.0");

      Map<String, String> options =
          Map.of(
              "endpoint", store.endpoint().toString(),
              "region", S3Server.REGION,
              "ca-file", certificate.pem().toString());
      try (S3BackupTarget target =
          new S3BackupTarget(
              S3Location.parse(URI.create("s3://" + bucket)),
              S3Options.of(new ProviderOptions("s3", options)),
              SHORT,
              Clock.systemUTC())) {
        target.write(NAME, out -> out.write(new byte[100]), WriteOptions.CREATE_ONLY);

        assertThat(target.stat(NAME).orElseThrow().size()).isEqualTo(100);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"})
  void aCaFileWithoutCertificatesIsInvalid(String content) throws Exception {
    Path file = java.nio.file.Files.writeString(folder.resolve("ca.pem"), content);

    Throwable thrown =
        catchThrowable(
            () -> target(URI.create("https://127.0.0.1:1"), Map.of("ca-file", file.toString())));

    assertThat(thrown)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("ca-file " + file);
  }
}
