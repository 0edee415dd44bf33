package dev.openmemory.backup.storage.s3;

import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.ABORT;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.DELETE;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.LIST;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_OBJECT;
import static dev.openmemory.backup.storage.s3.StoreRequest.Kind.PUT_PART;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.spi.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a store says, and what we say of it. */
class S3FailureKindsTest extends OnFaultyStore {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          404 | NoSuchBucket                       | NOT_FOUND   | the bucket 'test-
          403 | AccessDenied                       | DENIED      | s3:GetObject and s3:ListBucket
          403 | InvalidAccessKeyId                 | DENIED      | does not know the access key
          403 | SignatureDoesNotMatch              | DENIED      | the secret key does not belong
          400 | ExpiredToken                       | DENIED      | have expired
          403 | ExpiredToken                       | DENIED      | have expired
          403 | RequestTimeTooSkewed               | DENIED      | the clocks differ too much
          403 | InvalidObjectState                 | UNSUPPORTED | archive class
          503 | SlowDown                           | UNAVAILABLE | busy
          500 | InternalError                      | UNAVAILABLE | busy
          502 | BadGateway                         | UNAVAILABLE | busy
          504 | GatewayTimeout                     | UNAVAILABLE | busy
          507 | InsufficientStorage                | NO_SPACE    | InsufficientStorage
          403 | QuotaExceeded                      | NO_SPACE    | QuotaExceeded
          501 | NotImplemented                     | UNSUPPORTED | cannot do this
          301 | PermanentRedirect                  | INVALID     | another region
          307 | TemporaryRedirect                  | INVALID     | another region
          400 | AuthorizationHeaderMalformed       | INVALID     | another region
          400 | IllegalLocationConstraintException | INVALID     | another region
          400 | InvalidBucketName                  | INVALID     | no bucket may be called
          404 | NoSuchKey                          | NOT_FOUND   | does not exist
          400 | SomethingNew                       | FAILED      | SomethingNew: as the test wants
          """)
  void anAnswerToAReadIsOfAKind(int status, String code, Kind kind, String fact) {
    store().always(request -> true, Fault.error(status, code));

    BackupException failure = assertFails(kind, () -> target().read(NAME, 0).close());

    assertThat(failure).hasMessageContaining(fact);
    assertThat(failure.operation()).isEqualTo("read");
    assertThat(failure.location()).isEqualTo("s3://" + bucket() + "/some/prefix/" + NAME);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          read   | s3:GetObject and s3:ListBucket
          stat   | s3:GetObject and s3:ListBucket
          list   | s3:ListBucket
          delete | s3:DeleteObject
          write  | s3:PutObject and s3:AbortMultipartUpload
          sweep  | s3:ListBucketMultipartUploads
          """)
  void aRefusalNamesThePermissionThatTheVerbNeeds(String verb, String permission) {
    store().always(request -> true, Fault.error(403, "AccessDenied"));

    BackupException failure = assertFails(Kind.DENIED, call(verb));

    assertThat(failure).hasMessageContaining(permission);
    assertThat(failure.operation()).isEqualTo(verb);
  }

  private ThrowingCallable call(String verb) {
    return switch (verb) {
      case "read" -> () -> target().read(NAME, 0).close();
      case "stat" -> () -> target().stat(NAME);
      case "list" -> () -> target().list("");
      case "delete" -> () -> target().delete(NAME);
      case "write" -> () -> target().write(NAME, content(SMALL), WriteOptions.REPLACE);
      case "sweep" -> () -> target().sweepLeftovers();
      default -> throw new IllegalArgumentException(verb);
    };
  }

  static Stream<Arguments> wrongRegions() {
    String text =
        "<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is"
            + " malformed; the region 'us-east-1' is wrong; expecting 'eu-west-3'</Message>"
            + "<Region>eu-west-3</Region></Error>";
    List<String> header = new ArrayList<>(Fault.XML);
    header.add("x-amz-bucket-region: eu-west-3");
    return Stream.of(
        Arguments.of("header of a redirect", 301, header, Fault.body("PermanentRedirect")),
        Arguments.of("header of a bad request", 400, header, ""),
        Arguments.of("text of the answer", 400, Fault.XML, text));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongRegions")
  void theRightRegionIsNamed(String where, int status, List<String> headers, String body) {
    store().always(request -> true, Fault.answer(status, headers, body));

    BackupException failure = assertFails(Kind.INVALID, () -> target().list(""));

    assertThat(failure).hasMessageContaining("is in the region 'eu-west-3'");
  }

  @ParameterizedTest
  @CsvSource({"301", "400"})
  void theRightRegionIsNamedByTheHeaderOfAnAnswerWithoutBody(int status) {
    store()
        .always(
            request -> true, Fault.answer(status, List.of("x-amz-bucket-region: eu-west-3"), ""));

    BackupException failure = assertFails(Kind.INVALID, () -> target().stat(NAME));

    assertThat(failure).hasMessageContaining("is in the region 'eu-west-3'");
  }

  @Test
  void whatIsLockedIsDeniedAsLocked() {
    store()
        .always(
            request -> true,
            Fault.answer(
                403,
                Fault.XML,
                "<Error><Code>AccessDenied</Code><Message>Access Denied because object protected"
                    + " by object lock.</Message></Error>"));

    BackupException failure = assertFails(Kind.DENIED, () -> target().delete(NAME));

    assertThat(failure).hasMessageContaining("is locked against deletion");
  }

  @ParameterizedTest
  @CsvSource({"200", "404", "403", "302"})
  void aWebPageIsNoStore(int status) {
    store()
        .always(
            request -> true,
            Fault.answer(
                status,
                List.of("Content-Type: text/html; charset=utf-8"),
                "<!doctype html><html><body>Welcome!</body></html>"));

    BackupException failure = assertFails(Kind.INVALID, () -> target().list(""));
    assertThat(failure).hasMessageContaining("no S3 answers at http://127.0.0.1:");
    assertFails(Kind.INVALID, () -> target().stat(NAME));
    assertFails(Kind.INVALID, () -> write(SMALL));
    assertFails(Kind.INVALID, () -> write(LARGE));
  }

  @Test
  void anEmptyWebPageIsNoEmptyBucket() {
    store().always(LIST, Fault.answer(200, List.of("Content-Type: text/html"), ""));

    assertFails(Kind.INVALID, () -> target().list(""));
  }

  @Test
  void thePageOfAProxyWhoseStoreIsAwayIsUnavailable() {
    store()
        .always(
            request -> true,
            Fault.answer(
                503, List.of("Content-Type: text/html"), "<html>Service Unavailable</html>"));

    assertFails(Kind.UNAVAILABLE, () -> target().list(""));
  }

  @Test
  void anObjectMayBeAWebPage() throws Exception {
    raw()
        .putObject(
            r -> r.bucket(bucket()).key(key(NAME)).contentType("text/html"),
            software.amazon.awssdk.core.sync.RequestBody.fromBytes(bytes(SMALL)));

    try (var in = target().read(NAME, 0)) {
      assertThat(in.readAllBytes()).isEqualTo(bytes(SMALL));
    }
    assertThat(target().stat(NAME)).isPresent();

    assertHolds(SMALL);
  }

  @Test
  void anEmptyAnswerIsNoWebPageWhateverItsType() throws Exception {
    store()
        .always(
            PUT_OBJECT.or(PUT_PART).or(DELETE).or(ABORT),
            Fault.rewriteHead(
                head ->
                    head.toLowerCase(Locale.ROOT).contains("content-type:")
                        ? head
                        : head.replaceFirst("\r\n", "\r\nContent-Type: text/html\r\n")));

    write(LARGE);
    target().delete(NAME);
    write(SMALL);

    assertHolds(SMALL);
  }

  @ParameterizedTest
  @CsvSource({"200", "404", "401"})
  void aServerThatSpeaksJsonIsNoSuccess(int status) {
    store()
        .always(
            request -> true,
            Fault.answer(
                status, List.of("Content-Type: application/json"), "{\"detail\":\"Not Found\"}"));

    Kind kind = status == 401 ? Kind.DENIED : Kind.INVALID;
    assertFails(kind, () -> target().list(""));
  }

  @Test
  void anAnswerOfAnotherLengthThanWhatWasSentIsCorrupt() {
    store()
        .always(
            StoreRequest.Kind.HEAD.visible(),
            Fault.rewriteHead(
                head -> head.replaceFirst("(?i)content-length: [0-9]+", "Content-Length: 999")));

    BackupException failure = assertFails(Kind.CORRUPT, () -> write(SMALL));

    assertThat(failure).hasMessageContaining("999 of 1000 bytes");
  }

  @Test
  void whatAStoreSaysIsShownWithoutControlCharactersAndNotAtLength() {
    store()
        .always(
            request -> true,
            Fault.answer(
                400,
                Fault.XML,
                "<Error><Code>Odd</Code><Message>a\nb&#x9b;31m"
                    + "x".repeat(5000)
                    + "</Message></Error>"));

    BackupException failure = assertFails(Kind.FAILED, () -> target().list(""));

    assertThat(failure.fact()).startsWith("Odd: a b").doesNotContain("\n", "\u009b");
    assertThat(failure.fact().length()).isLessThan(400);
  }
}
