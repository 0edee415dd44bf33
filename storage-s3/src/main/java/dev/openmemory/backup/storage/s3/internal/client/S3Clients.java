package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.internal.text.UriHost;
import dev.openmemory.backup.internal.watch.CallWatch;
import dev.openmemory.backup.storage.s3.internal.settings.PemTrust;
import dev.openmemory.backup.storage.s3.internal.settings.Proxy;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import dev.openmemory.backup.storage.s3.internal.settings.StoreProfile;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.InstanceProfileRegionProvider;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * The clients of a target. Nothing is connected before the first request.
 *
 * @param uploads tries again for as long as the {@link RetrySettings} says for uploads
 * @param others tries again less often
 * @param http below both, which they do not close
 * @param credentials of both, likewise
 */
public record S3Clients(
    S3Client uploads, S3Client others, SdkHttpClient http, AwsCredentialsProvider credentials)
    implements AutoCloseable {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

  /** Parts, their heartbeat, and readers beside them. */
  private static final int SPARE_CONNECTIONS = 16;

  public static S3Clients open(S3Options options, RetrySettings retries, CallWatch watch)
      throws BackupException {
    AwsCredentialsProvider credentials = credentials(options);
    SdkHttpClient http = http(options, retries, watch);
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .region(region(options))
            .credentialsProvider(credentials)
            .forcePathStyle(options.pathStyle())
            // The bytes of each part are at hand, so that its digest can be in its header:
            // neither chunks with signatures nor trailers, which other stores often refuse.
            // Nor is a store asked whether a part is welcome: one that does not answer that costs
            // three seconds each time.
            .serviceConfiguration(
                S3Configuration.builder()
                    .chunkedEncodingEnabled(false)
                    .expectContinueEnabled(false)
                    .build())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    if (options.endpoint() != null) {
      builder.endpointOverride(connectable(options.endpoint()));
    }
    BucketRegion bucket = new BucketRegion();
    return new S3Clients(
        bucket.following(withRetries(builder, retries, retries.uploads())),
        bucket.following(withRetries(builder, retries, retries.others())),
        http,
        credentials);
  }

  @Override
  public void close() {
    uploads.close();
    others.close();
    http.close();
    if (credentials instanceof Chain chain) {
      chain.close();
    }
  }

  private static URI connectable(URI endpoint) throws BackupException {
    try {
      return UriHost.connectable(endpoint);
    } catch (UnknownHostException e) {
      throw new BackupException(
          Kind.UNAVAILABLE, "connect", endpoint.toString(), "the host is not known", e);
    }
  }

  private static S3Client withRetries(
      S3ClientBuilder builder, RetrySettings retries, int attempts) {
    BackoffStrategy pauses = BackoffStrategy.exponentialDelay(retries.first(), retries.longest());
    RetryStrategy strategy =
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(attempts)
            .backoffStrategy(pauses)
            .throttlingBackoffStrategy(pauses)
            // Also below the parser's failure, when a connection breaks within an answer.
            .retryOnRootCauseInstanceOf(IOException.class)
            // It would give up for the failures of other parts.
            .circuitBreakerEnabled(false)
            .build();
    return builder.overrideConfiguration(c -> c.retryStrategy(strategy)).build();
  }

  /** The most connections at a time; a request that needs one more waits. */
  public static int connections(int parallelism) {
    return parallelism + SPARE_CONNECTIONS;
  }

  private static SdkHttpClient http(S3Options options, RetrySettings retries, CallWatch watch)
      throws BackupException {
    Duration connect =
        options.timeout().compareTo(LONGEST_CONNECT) < 0 ? options.timeout() : LONGEST_CONNECT;
    Apache5HttpClient.Builder http =
        Apache5HttpClient.builder()
            .connectionTimeout(connect)
            // The watch is stricter, and knows which silence is too long.
            .socketTimeout(SilenceLimit.longest(options.timeout()).plus(options.timeout()))
            .maxConnections(connections(options.parallelism()))
            .tcpKeepAlive(true)
            .expectContinueEnabled(false);
    if (options.proxy() != null) {
      http.proxyConfiguration(through(options.proxy()));
    }
    if (options.caFile() != null) {
      http.tlsTrustManagersProvider(PemTrust.of(options.caFile()));
    }
    return new WatchedHttpClient(
        http.build(), watch, options.timeout(), new Repetition(retries.told()));
  }

  private static ProxyConfiguration through(Proxy proxy) {
    return ProxyConfiguration.builder()
        .endpoint(proxy.endpoint())
        .username(proxy.user())
        .password(proxy.password())
        .nonProxyHosts(proxy.direct())
        .preemptiveBasicAuthenticationEnabled(proxy.user() != null)
        .useSystemPropertyValues(false)
        .useEnvironmentVariableValues(false)
        .build();
  }

  /** Where none is set, one that private stores accept; at Amazon the bucket's own is found. */
  private static Region region(S3Options options) {
    if (options.region() != null) {
      return Region.of(options.region());
    }
    try {
      return regionChain(options).getRegion();
    } catch (SdkClientException e) {
      return Region.US_EAST_1;
    }
  }

  /** Outside of Amazon the service that knows an instance's region is not worth the wait. */
  private static AwsRegionProvider regionChain(S3Options options) {
    AwsRegionProvider profile =
        options.profile() == null
            ? new AwsProfileRegionProvider()
            : new AwsProfileRegionProvider(ProfileFile::defaultProfileFile, options.profile());
    AwsRegionProvider environment = new SystemSettingsRegionProvider();
    AwsRegionProvider instance = new InstanceProfileRegionProvider();
    AwsRegionProvider others = () -> options.aws().defaultRegion().map(Region::of).orElse(null);
    return options.store() == StoreProfile.AWS
        ? new AwsRegionProviderChain(environment, others, profile, instance)
        : new AwsRegionProviderChain(environment, others, profile);
  }

  private static AwsCredentialsProvider credentials(S3Options options) {
    if (options.anonymous()) {
      return AnonymousCredentialsProvider.create();
    }
    DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
    if (options.profile() != null) {
      chain.profileName(options.profile());
    }
    return new Chain(chain.build());
  }

  /** Distinguishes missing credentials from every other failure. */
  private record Chain(DefaultCredentialsProvider chain)
      implements AwsCredentialsProvider, AutoCloseable {
    @Override
    public AwsCredentials resolveCredentials() {
      try {
        return chain.resolveCredentials();
      } catch (SdkClientException e) {
        throw SdkClientException.create("no credentials", new NoCredentialsException(e));
      }
    }

    /** Roles and single sign-on have clients of their own. */
    @Override
    public void close() {
      chain.close();
    }
  }
}
