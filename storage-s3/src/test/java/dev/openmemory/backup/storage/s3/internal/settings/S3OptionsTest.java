package dev.openmemory.backup.storage.s3.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.ProviderOptions;
import dev.openmemory.backup.storage.s3.S3OptionsOnTheWireTest;
import dev.openmemory.backup.storage.s3.internal.part.PartPlan;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.profiles.ProfileFile;

/** How options are read; what they do to requests is in {@link S3OptionsOnTheWireTest}. */
class S3OptionsTest {
  @TempDir Path folder;

  private static S3Options of(Map<String, String> options) throws BackupException {
    return S3Options.of(new ProviderOptions("s3", options));
  }

  private static BackupException refusal(Map<String, String> options) {
    Throwable thrown = catchThrowable(() -> of(options));
    assertThat(thrown).isInstanceOf(BackupException.class);
    return (BackupException) thrown;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          endpoint=ftp://host                        | 'endpoint' is not like https://host:port
          endpoint=host:9000                         | 'endpoint' is not like https://host:port
          endpoint=http://                           | 'endpoint' is not a URI
          endpoint=http://h?a=b                      | 'endpoint' is not like https://host:port
          path-style=yes                             | 'path-style' is neither true nor false
          anonymous=1                                | 'anonymous' is neither true nor false
          anonymous=true;profile=p                   | exclude each other
          sse=rot13                                  | 'sse' is neither AES256 nor
          sse=AES256;sse-kms-key=k                   | 'sse-kms-key' needs 'sse'
          storage-class=glacier ir                   | 'storage-class' is not a name
          object-lock-mode=GOVERNANCE                | an object lock needs
          object-lock-for=P30D                       | an object lock needs
          object-lock-until=2030-01-01               | an object lock needs
          object-lock-mode=X;object-lock-for=PT24H   | neither GOVERNANCE nor COMPLIANCE
          object-lock-mode=GOVERNANCE;object-lock-for=PT0S | 'object-lock-for' is not positive
          object-lock-mode=GOVERNANCE;object-lock-for=-PT1H | 'object-lock-for' is not positive
          object-lock-mode=GOVERNANCE;object-lock-for=1y | 'object-lock-for' is not a duration
          object-lock-mode=GOVERNANCE;object-lock-until=soon | 'object-lock-until' is neither
          object-lock-mode=GOVERNANCE;object-lock-until=2030-01-01;object-lock-for=PT1H | one of
          tags=team                                  | 'tags' is not like team=a,env=b
          tags==a                                    | 'tags' is not like team=a,env=b
          tags=a=1,a=2                               | 'tags' is not like team=a,env=b
          request-payer=requester                    | 'request-payer' is neither true nor false
          part-size=4MiB                             | 'part-size' is not between 5MiB and 1GiB
          part-size=2GiB                             | 'part-size' is not between 5MiB and 1GiB
          part-size=8MB                              | 'part-size' is not a size
          parallelism=0                              | 'parallelism' is not between 1 and 64
          parallelism=65                             | 'parallelism' is not between 1 and 64
          timeout=30s                                | 'timeout' is not a duration
          timeout=PT0.5S                             | 'timeout' is below a second
          checksums=crc                              | 'checksums' is neither auto nor on nor off
          """)
  void whatCannotBeHonouredIsRefused(String options, String fact) {
    Map<String, String> map = new HashMap<>();
    for (String option : options.split(";", -1)) {
      String[] pair = option.split("=", 2);
      map.put(pair[0], pair[1]);
    }

    BackupException refusal = refusal(map);

    assertThat(refusal.kind()).isEqualTo(Kind.INVALID);
    assertThat(refusal).hasMessageContaining(fact);
  }

  @Test
  void anUnknownOptionIsRefused() {
    BackupException refusal = refusal(Map.of("acl", "public-read"));

    assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(refusal).hasMessageContaining("acl").hasMessageContaining("storage-class");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://AKIAID:secret-key@host", "https://host?X-Amz-Signature=secret-key"})
  void aKeyInTheEndpointIsRefusedAndNotRepeated(String endpoint) {
    BackupException refusal = refusal(Map.of("endpoint", endpoint));

    assertThat(refusal.kind()).isEqualTo(Kind.INVALID);
    assertThat(everythingSaid(refusal)).doesNotContain("AKIAID", "secret-key");
  }

  @Test
  void aCustomerKeyIsReadRawOrAsBase64AndNeverShown() throws Exception {
    Path raw = Files.writeString(folder.resolve("raw"), "0123456789abcdef0123456789abcdef");
    Path text =
        Files.writeString(folder.resolve("text"), "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n");

    for (Path file : Set.of(raw, text)) {
      S3Options options = of(Map.of("sse-c-key-file", file.toString()));
      assertThat(Objects.requireNonNull(options.customerKey()).base64())
          .isEqualTo("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
      assertThat(options.toString()).doesNotContain("0123456789", "MDEyMzQ1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short-secret", "!!!not-base64-and-secret!!!"})
  void aFileThatHoldsNoCustomerKeyIsRefusedAndNotRepeated(String content) throws Exception {
    Path file = Files.writeString(folder.resolve("key"), content);

    BackupException refusal = refusal(Map.of("sse-c-key-file", file.toString()));

    assertThat(refusal.kind()).isEqualTo(Kind.INVALID);
    assertThat(refusal).hasMessageContaining("sse-c-key-file " + file);
    assertThat(everythingSaid(refusal)).doesNotContain("secret");
  }

  @Test
  void aCustomerKeyThatIsMissingOrOneOfTwoKeysIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), "0123456789abcdef0123456789abcdef");

    assertThat(refusal(Map.of("sse-c-key-file", folder.resolve("none").toString())))
        .hasMessageContaining("cannot be read");
    assertThat(refusal(Map.of("sse-c-key-file", file.toString(), "sse", "AES256")))
        .hasMessageContaining("exclude each other");
  }

  @ParameterizedTest
  @CsvSource({
    // endpoint, store, path style, CRC32, parts, growing
    "'', AWS, false, true, 10000, true",
    "https://s3.eu-central-1.amazonaws.com, AWS, false, true, 10000, true",
    "https://amazonaws.com.example.org, OTHER, true, false, 10000, true",
    "http://127.0.0.1:9000, OTHER, true, false, 10000, true",
    "https://a.r2.cloudflarestorage.com, CLOUDFLARE_R2, true, false, 10000, false",
    "https://s3.fr-par.scw.cloud, SCALEWAY, true, false, 1000, true",
  })
  void theEndpointDecidesWhatIsNotSaid(
      String endpoint, StoreProfile store, boolean path, boolean crc, int parts, boolean growing)
      throws Exception {
    S3Options options = of(endpoint.isEmpty() ? Map.of() : Map.of("endpoint", endpoint));

    assertThat(options.store()).isEqualTo(store);
    assertThat(options.pathStyle()).isEqualTo(path);
    assertThat(options.checksums()).isEqualTo(crc);
    assertThat(options.parts().maxParts()).isEqualTo(parts);
    assertThat(options.parts().growing()).isEqualTo(growing);
    assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void whatIsSaidWinsOverTheEndpoint() throws Exception {
    S3Options options =
        of(
            Map.of(
                "endpoint", "http://127.0.0.1:9000",
                "path-style", "false",
                "checksums", "on",
                "timeout", "PT2M",
                "part-size", "16MiB",
                "parallelism", "7"));

    assertThat(options.pathStyle()).isFalse();
    assertThat(options.checksums()).isTrue();
    assertThat(options.timeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(options.parts().firstPart()).isEqualTo(16 << 20);
    assertThat(options.parallelism()).isEqualTo(7);
    assertThat(options.bufferBytes()).isEqualTo(8L * (16 << 20));
  }

  private static String everythingSaid(Throwable thrown) {
    StringWriter said = new StringWriter();
    thrown.printStackTrace(new PrintWriter(said));
    return said.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https://o | AWS_ENDPOINT_URL_S3=https://s | p          | https://o
                    | AWS_ENDPOINT_URL_S3=https://s;AWS_ENDPOINT_URL=https://e |   | https://s
                    | AWS_ENDPOINT_URL=https://e | p              | https://e
                    |                         | p                 | https://of-services
                    |                         | plain             | https://of-profile
                    | AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true | plain |
                    | AWS_ENDPOINT_URL=https://e | deaf           |
                    |                         | unknown           |
          """)
  void theEndpointIsLookedForAsOtherToolsOfAmazonDo(
      String option, String variables, String profile, String endpoint) throws Exception {
    String file =
        """
        [profile p]
        services = local
        endpoint_url = https://of-profile
        [services local]
        s3 =
          endpoint_url = https://of-services
        [profile plain]
        endpoint_url = https://of-profile
        [profile deaf]
        ignore_configured_endpoint_urls = true
        """;
    ProfileFile profiles =
        ProfileFile.builder()
            .type(ProfileFile.Type.CONFIGURATION)
            .content(new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)))
            .build();
    Map<String, String> set = new HashMap<>();
    for (String variable : Objects.requireNonNullElse(variables, "X=").split(";", -1)) {
      set.put(variable.replaceFirst("=.*", ""), variable.replaceFirst(".*?=", ""));
    }
    Map<String, String> options = new HashMap<>();
    if (option != null) {
      options.put("endpoint", option);
    }
    if (profile != null) {
      options.put("profile", profile);
    }

    S3Options read =
        S3Options.of(
            new ProviderOptions("s3", options),
            PartPlan.SMALLEST_PART,
            new AwsSettings(set::get, () -> profiles));

    assertThat(read.endpoint()).isEqualTo(endpoint == null ? null : URI.create(endpoint));
    assertThat(read.pathStyle()).isEqualTo(endpoint != null);
  }
}
