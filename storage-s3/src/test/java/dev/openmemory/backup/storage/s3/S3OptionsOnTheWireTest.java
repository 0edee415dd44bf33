package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.COMPLETE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.CREATE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.GET;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.HEAD;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_OBJECT;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_PART;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.spi.WriteOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That each option is on each request that it is about. */
public class S3OptionsOnTheWireTest extends OnFaultyStore {
  private static final Predicate<StoreRequest> OBJECTS = PUT_OBJECT.visible().or(CREATE.visible());

  @TempDir Path folder;

  /** A server that knows few of these headers would refuse them. */
  @Override
  S3Server server() throws Exception {
    return S3ProxyServer.withoutSignatures();
  }

  /** Writes an object by one request and one in parts, looks, reads, lists and deletes. */
  private void useEverything() throws Exception {
    for (int length : List.of(SMALL, LARGE)) {
      target().write(NAME, content(length), WriteOptions.REPLACE);
      target().stat(NAME);
      target().read(NAME, 0).close();
      target().list("");
      target().delete(NAME);
    }
    target().sweepLeftovers();
  }

  private void withoutTheStoreSeeing(String header) {
    store().always(r -> r.header(header).isPresent(), Fault.ignore(header));
  }

  @ParameterizedTest
  @ValueSource(strings = {"STANDARD_IA", "GLACIER_IR"})
  void theClassOfAnObjectIsOnBothWaysIntoTheStoreAndNotOnRecords(String name) throws Exception {
    reopen(Map.of("storage-class", name));
    String header = "x-amz-storage-class";
    withoutTheStoreSeeing(header);

    useEverything();

    assertThat(store().requests(OBJECTS))
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.header(header)).hasValue(name));
    assertThat(store().requests(StoreRequest::isHidden))
        .allSatisfy(r -> assertThat(r.header(header)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "sse, AES256, x-amz-server-side-encryption, AES256",
    "sse, aws:kms, x-amz-server-side-encryption, aws:kms",
    "tags, 'team=a b,env=b', x-amz-tagging, team=a+b&env=b",
  })
  void whatAPolicyMayDemandIsOnEachWriteAlsoOnRecords(
      String option, String value, String header, String sent) throws Exception {
    reopen(Map.of(option, value));
    withoutTheStoreSeeing(header);

    useEverything();
    target().traits();

    assertThat(store().requests(PUT_OBJECT.hidden())).isNotEmpty();
    assertThat(store().requests(PUT_OBJECT.or(CREATE)))
        .hasSizeGreaterThan(3)
        .allSatisfy(r -> assertThat(r.header(header)).hasValue(sent));
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws:kms", "aws:kms:dsse"})
  void theKeyOfTheEncryptionIsNamed(String encryption) throws Exception {
    // The first is what a key means when nothing else is said.
    boolean said = !encryption.equals("aws:kms");
    reopen(said ? Map.of("sse", encryption, "sse-kms-key", "k-1") : Map.of("sse-kms-key", "k-1"));
    store()
        .always(
            PUT_OBJECT.or(CREATE),
            exchange ->
                exchange.reply(
                    exchange.forwardWithout(
                        "x-amz-server-side-encryption",
                        "x-amz-server-side-encryption-aws-kms-key-id")));

    useEverything();

    assertThat(store().requests(PUT_OBJECT.or(CREATE)))
        .allSatisfy(
            r -> {
              assertThat(r.header("x-amz-server-side-encryption")).hasValue(encryption);
              assertThat(r.header("x-amz-server-side-encryption-aws-kms-key-id")).hasValue("k-1");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "object-lock-until, 2031-01-01, 2031-01-01T00:00:00Z",
    "object-lock-until, 2031-01-01T10:00:00Z, 2031-01-01T10:00:00Z",
    "object-lock-for, PT24H, ",
  })
  void objectsAreLockedAndRecordsAreNot(String option, String value, String until)
      throws Exception {
    reopen(Map.of("object-lock-mode", "GOVERNANCE", option, value));
    String mode = "x-amz-object-lock-mode";
    String date = "x-amz-object-lock-retain-until-date";
    store().always(OBJECTS, exchange -> exchange.reply(exchange.forwardWithout(mode, date)));

    useEverything();

    assertThat(store().requests(OBJECTS))
        .hasSize(2)
        .allSatisfy(
            r -> {
              assertThat(r.header(mode)).hasValue("GOVERNANCE");
              assertThat(r.header(date))
                  .hasValueSatisfying(d -> assertThat(d).startsWith(until == null ? "20" : until));
            });
    assertThat(store().requests(StoreRequest::isHidden))
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.header(mode)).isEmpty());
  }

  @Test
  void whoPaysIsOnEveryRequest() throws Exception {
    reopen(Map.of("request-payer", "true"));
    withoutTheStoreSeeing("x-amz-request-payer");

    useEverything();

    assertThat(store().requests())
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.header("x-amz-request-payer")).hasValue("requester"));
  }

  @Test
  void aCustomerKeyIsOnEveryRequestThatTouchesBytesOrFacts() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), "0123456789abcdef0123456789abcdef");
    reopen(Map.of("sse-c-key-file", file.toString()));
    String prefix = "x-amz-server-side-encryption-customer-";
    Predicate<StoreRequest> all = PUT_OBJECT.or(CREATE).or(PUT_PART).or(COMPLETE).or(GET).or(HEAD);
    store()
        .always(
            all,
            exchange ->
                exchange.reply(
                    exchange.forwardWithout(
                        prefix + "algorithm", prefix + "key", prefix + "key-MD5")));

    useEverything();

    assertThat(store().requests(all))
        .hasSizeGreaterThan(12)
        .allSatisfy(
            r -> {
              assertThat(r.header(prefix + "algorithm")).hasValue("AES256");
              assertThat(r.header(prefix + "key"))
                  .hasValue("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
              assertThat(r.header(prefix + "key-MD5")).isPresent();
            });
  }

  @Test
  void bytesAreCheckedByCrc32OrMd5AndNeverSentInChunks() throws Exception {
    Predicate<StoreRequest> bytes = PUT_OBJECT.or(PUT_PART);
    useEverything();
    assertThat(store().requests(bytes))
        .allSatisfy(
            r -> {
              assertThat(r.header("Content-MD5")).isPresent();
              assertThat(r.header("x-amz-checksum-crc32")).isEmpty();
            });
    int before = store().requests(bytes).size();
    reopen(Map.of("checksums", "on"));

    useEverything();

    List<StoreRequest> sent = store().requests(bytes);
    assertThat(sent.subList(before, sent.size()))
        .allSatisfy(
            r -> {
              assertThat(r.header("Content-MD5")).isEmpty();
              assertThat(r.header("x-amz-checksum-crc32")).isPresent();
            });
    assertThat(store().requests())
        .allSatisfy(
            r -> {
              assertThat(r.header("Content-Encoding")).isEmpty();
              assertThat(r.header("x-amz-trailer")).isEmpty();
              assertThat(r.header("Transfer-Encoding")).isEmpty();
            });
    List<StoreRequest> completed = store().requests(COMPLETE.visible());
    assertThat(completed.get(completed.size() - 1).header("x-amz-checksum-crc32")).isPresent();
    assertThat(completed.get(completed.size() - 1).header("x-amz-checksum-type"))
        .hasValue("FULL_OBJECT");
  }

  @Test
  void anonymousRequestsAreNotSigned() throws Exception {
    reopen(Map.of("anonymous", "true"));

    useEverything();

    assertThat(store().requests())
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.header("Authorization")).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "301, x-amz-bucket-region: mars-north-1, PermanentRedirect",
    "400, x-amz-bucket-region: mars-north-1, AuthorizationHeaderMalformed",
    "400, X: y, the region is wrong; expecting 'mars-north-1'"
  })
  void theRegionThatTheStoreNamesIsFollowed(int status, String header, String said)
      throws Exception {
    String text = "<Error><Code>Elsewhere</Code><Message>" + said + "</Message></Error>";
    Predicate<StoreRequest> elsewhere =
        r -> !r.header("Authorization").orElse("").contains("/mars-north-1/s3/");
    store()
        .always(
            elsewhere,
            Fault.answer(status, List.of("Content-Type: application/xml", header), text));

    target().list("");
    useEverything();

    assertThat(store().requests(elsewhere)).hasSize(1);
  }

  @Test
  void theRegionIsPartOfTheSignature() throws Exception {
    reopen(Map.of("region", "mars-north-1"));

    useEverything();

    assertThat(store().requests())
        .allSatisfy(
            r ->
                assertThat(r.header("Authorization"))
                    .hasValueSatisfying(a -> assertThat(a).contains("/mars-north-1/s3/")));
  }
}
