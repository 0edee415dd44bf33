package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.s3.internal.part.PartPlan;
import dev.openmemory.backup.storage.s3.internal.settings.AwsSettings;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Location;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.profiles.ProfileFile;

/** What the variables of the environment do to requests. */
@ExtendWith(AwsKeys.class)
class S3EnvironmentTest {
  private static final RetrySettings RETRIES =
      new RetrySettings(2, 2, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(10));

  /** The failure of a list in an environment with these variables, or null. */
  private static @Nullable Throwable list(
      Map<String, String> options, Map<String, String> variables) throws BackupException {
    AwsSettings aws = new AwsSettings(variables::get, () -> ProfileFile.aggregator().build());
    try (S3BackupTarget target =
        new S3BackupTarget(
            S3Location.parse(URI.create("s3://bucket")),
            S3Options.of(new ProviderOptions("s3", options), PartPlan.SMALLEST_PART, aws),
            RETRIES,
            Clock.systemUTC())) {
      return catchThrowable(() -> target.list(""));
    }
  }

  private static FaultyStore emptyBucket() throws Exception {
    FaultyStore store = FaultyStore.before(S3ProxyServer.shared());
    store.always(
        request -> !request.method().equals("CONNECT"),
        Fault.answer(200, Fault.XML, "<ListBucketResult></ListBucketResult>"));
    return store;
  }

  @Test
  void theEndpointAndRegionOfTheEnvironmentAreThoseOfAnOption() throws Exception {
    try (FaultyStore store = emptyBucket()) {
      Map<String, String> variables =
          Map.of(
              "AWS_ENDPOINT_URL",
              store.endpoint().toString(),
              "AWS_DEFAULT_REGION",
              "mars-north-1");

      assertThat(list(Map.of(), variables)).isNull();

      StoreRequest request = store.requests().get(0);
      assertThat(request.target()).startsWith("/bucket?");
      assertThat(request.header("Authorization").orElseThrow()).contains("/mars-north-1/s3/");
    }
  }

  @Test
  void aProxyOfTheEnvironmentIsAskedForWhatIsNotExcepted() throws Exception {
    try (FaultyStore proxy = emptyBucket()) {
      Map<String, String> store = Map.of("endpoint", "http://store.example.invalid:9000");
      Map<String, String> variables =
          Map.of("http_proxy", proxy.endpoint().toString(), "https_proxy", "http://127.0.0.1:1");

      assertThat(list(store, variables)).isNull();
      assertThat(proxy.requests().get(0).target())
          .startsWith("http://store.example.invalid:9000/bucket?");

      for (String excepted :
          List.of("other,example.invalid", ".invalid", "*", "Store.Example.Invalid:9000")) {
        Map<String, String> direct = new HashMap<>(variables);
        direct.put("NO_PROXY", excepted);
        assertThat(list(store, direct)).hasMessageContaining("the host is not known");
      }
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void aProxyIsAskedForASecureConnectionWithItsPasswordWhichIsNotShown() throws Exception {
    try (FaultyStore proxy = emptyBucket()) {
      proxy.always(request -> true, Fault.answer(502, List.of(), ""));
      String address = proxy.endpoint().toString().replace("//", "//me:s%40cret-4711@");

      Throwable failure =
          list(Map.of("endpoint", "https://store.example.invalid"), Map.of("HTTPS_PROXY", address));

      StoreRequest request = proxy.requests().get(0);
      assertThat(request.method() + " " + request.target())
          .isEqualTo("CONNECT store.example.invalid:443");
      assertThat(failure).hasMessageNotContainingAny("4711").isInstanceOf(BackupException.class);
    }
  }

  @Test
  void aProxyOfAnotherProtocolForAllProgramsIsPassedOver() throws Exception {
    try (FaultyStore store = emptyBucket()) {
      Map<String, String> options = Map.of("endpoint", store.endpoint().toString());

      assertThat(list(options, Map.of("ALL_PROXY", "socks5://me:s-4711@127.0.0.1:1"))).isNull();
    }
  }

  @Test
  void theVariableThatWasReadIsNamed() {
    Throwable thrown = catchThrowable(() -> list(Map.of(), Map.of("ALL_PROXY", "http://")));

    assertThat(thrown).hasMessageContaining("the variable ALL_PROXY is not like");
  }

  @Test
  void aProxyThatIsNoAddressIsInvalidAndNotShown() {
    Throwable thrown =
        catchThrowable(() -> list(Map.of(), Map.of("https_proxy", "socks5://me:s-4711@proxy")));

    assertThat(thrown)
        .isInstanceOfSatisfying(
            BackupException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("https_proxy")
        .hasMessageNotContainingAny("4711");
  }
}
