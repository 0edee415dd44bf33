package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.BackupException.Kind;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/** What an answer of a store means that is a refusal. */
record S3Refusals(String bucket, String endpoint, Clock clock) {
  /** The SDK reads the element that has it, and does not hand it on. */
  private static final Pattern EXPECTED_REGION =
      Pattern.compile("expecting ['\"]([a-z0-9-]{1,64})['\"]");

  Finding of(S3Operation operation, AwsServiceException e) {
    String code = Objects.requireNonNullElse(S3Failures.code(e), "");
    return switch (code) {
      case "NoSuchBucket" ->
          new Finding(Kind.NOT_FOUND, "the bucket '" + bucket + "' does not exist" + at());
      case "InvalidBucketName" ->
          new Finding(Kind.INVALID, "no bucket may be called '" + bucket + "': " + message(e));
      case "NoSuchUpload" ->
          new Finding(
              Kind.FAILED,
              "the store no longer knows the upload: another client or a rule of the bucket has"
                  + " aborted it, or the store was restarted; a new run begins it again");
      case "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException",
          "AuthorizationQueryParametersError" ->
          wrongRegion(e);
      // Also with the status 200, where an answer has begun before the work was done.
      case "AccessDenied" -> denied(operation, e);
      case "InvalidAccessKeyId" ->
          new Finding(Kind.DENIED, "the store does not know the access key" + at());
      case "SignatureDoesNotMatch" ->
          new Finding(Kind.DENIED, "the secret key does not belong to the access key");
      case "ExpiredToken", "TokenRefreshRequired", "InvalidToken", "RequestExpired" ->
          new Finding(Kind.DENIED, "the credentials of this session have expired");
      case "RequestTimeTooSkewed" -> skewed(e);
      default -> ofRequest(operation, e, code);
    };
  }

  private Finding ofRequest(S3Operation operation, AwsServiceException e, String code) {
    return switch (code) {
      case "InvalidObjectState" ->
          new Finding(
              Kind.UNSUPPORTED,
              "is in an archive class of the store and has to be restored there before it can be"
                  + " read");
      case "NotImplemented", "MethodNotAllowed", "InvalidStorageClass" ->
          new Finding(Kind.UNSUPPORTED, "the store cannot do this: " + message(e));
      case "EntityTooLarge" ->
          new Finding(Kind.UNSUPPORTED, "larger than the store allows: " + message(e));
      case "BadDigest",
          "InvalidDigest",
          "XAmzContentChecksumMismatch",
          "XAmzContentSHA256Mismatch" ->
          new Finding(Kind.CORRUPT, "arrived altered at the store: " + message(e));
      case "RequestTimeout" -> new Finding(Kind.TIMEOUT, message(e));
      case "SlowDown",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "InternalError",
          "ServiceUnavailable",
          "OperationAborted",
          "ConditionalRequestConflict" ->
          new Finding(Kind.UNAVAILABLE, "the store is busy: " + message(e));
      case "QuotaExceeded",
          "InsufficientCapacity",
          "XMinioStorageFull",
          "StorageFull",
          "XMinioAdminBucketQuotaExceeded" ->
          new Finding(Kind.NO_SPACE, message(e));
      default -> ofStatus(operation, e, code);
    };
  }

  /** Answers to HEAD have no body, so that the status is all there is. */
  private Finding ofStatus(S3Operation operation, AwsServiceException e, String code) {
    return switch (e.statusCode()) {
      case 301, 307, 308 -> wrongRegion(e);
      case 400 ->
          regionOf(e).isPresent() && code.isEmpty()
              ? wrongRegion(e)
              : new Finding(Kind.FAILED, message(e));
      case 401, 403 -> denied(operation, e);
      case 404, 405 ->
          code.isEmpty() && operation.verb().equals("list")
              ? new Finding(Kind.INVALID, "no S3 answers" + at() + ": " + message(e))
              : new Finding(Kind.NOT_FOUND, "does not exist");
      case 408 -> new Finding(Kind.TIMEOUT, message(e));
      case 412 -> new Finding(Kind.ALREADY_EXISTS, "exists already");
      case 416 -> new Finding(Kind.INVALID, "the offset is outside of the object");
      case 429, 500, 502, 503, 504 ->
          new Finding(Kind.UNAVAILABLE, "the store is busy: " + message(e));
      case 501 -> new Finding(Kind.UNSUPPORTED, "the store cannot do this: " + message(e));
      case 507 -> new Finding(Kind.NO_SPACE, message(e));
      default -> new Finding(Kind.FAILED, message(e));
    };
  }

  private static Finding denied(S3Operation operation, AwsServiceException e) {
    String message = message(e);
    boolean locked = message.toLowerCase(Locale.ROOT).matches(".*(object.?lock|worm|retention).*");
    if (locked) {
      return new Finding(Kind.DENIED, "is locked against deletion: " + message);
    }
    return new Finding(
        Kind.DENIED,
        message + "; needed is " + String.join(" and ", permissions(operation.verb())));
  }

  /** The actions of a policy that let the verb happen. */
  private static List<String> permissions(String verb) {
    return switch (verb) {
      case "write" -> List.of("s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject");
      case "delete" -> List.of("s3:DeleteObject");
      case "list" -> List.of("s3:ListBucket");
      case "sweep" ->
          List.of(
              "s3:ListBucket",
              "s3:ListBucketMultipartUploads",
              "s3:AbortMultipartUpload",
              "s3:GetObject",
              "s3:DeleteObject");
      // Without the second a store says 403, too, for what does not exist.
      default -> List.of("s3:GetObject", "s3:ListBucket");
    };
  }

  private Finding wrongRegion(AwsServiceException e) {
    return regionOf(e)
        .map(
            region ->
                new Finding(
                    Kind.INVALID, "the bucket '" + bucket + "' is in the region '" + region + "'"))
        .orElseGet(
            () ->
                new Finding(
                    Kind.INVALID,
                    "the bucket '"
                        + bucket
                        + "' is in another region or at another endpoint: "
                        + message(e)));
  }

  /** The region that the store names in place of the one that was asked. */
  static Optional<String> rightRegion(AwsServiceException e) {
    boolean redirected =
        switch (e.statusCode()) {
          case 301, 307, 308, 400 -> true;
          default -> false;
        };
    return redirected ? regionOf(e) : Optional.empty();
  }

  private static Optional<String> regionOf(AwsServiceException e) {
    Optional<String> header = header(e, "x-amz-bucket-region");
    if (header.isPresent()) {
      return header;
    }
    Matcher expected = EXPECTED_REGION.matcher(message(e));
    return expected.find() ? Optional.of(expected.group(1)) : Optional.empty();
  }

  private Finding skewed(AwsServiceException e) {
    return new Finding(
        Kind.DENIED,
        "the clocks differ too much: here it is "
            + clock.instant()
            + ", the store says "
            + header(e, "Date").orElse("nothing"));
  }

  private String at() {
    return " at " + endpoint;
  }

  private static String message(AwsServiceException e) {
    String text = details(e).map(AwsErrorDetails::errorMessage).orElse("");
    String code = Objects.requireNonNullElse(S3Failures.code(e), "");
    String message = (code + (code.isEmpty() || text.isEmpty() ? "" : ": ") + text);
    return Finding.tidy(message.isEmpty() ? "HTTP " + e.statusCode() : message);
  }

  static Optional<AwsErrorDetails> details(AwsServiceException e) {
    return Optional.ofNullable(e.awsErrorDetails());
  }

  private static Optional<String> header(AwsServiceException e, String name) {
    return details(e)
        .map(AwsErrorDetails::sdkHttpResponse)
        .flatMap((SdkHttpResponse response) -> response.firstMatchingHeader(name));
  }
}
