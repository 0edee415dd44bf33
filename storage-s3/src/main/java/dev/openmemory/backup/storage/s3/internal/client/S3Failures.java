package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** The one place where failures of a store become ours. */
public final class S3Failures {
  private final String endpoint;
  private final S3Refusals refusals;

  /**
   * Of requests to that bucket.
   *
   * @param endpoint for people
   */
  public S3Failures(String bucket, String endpoint, Clock clock) {
    this.endpoint = endpoint;
    this.refusals = new S3Refusals(bucket, endpoint, clock);
  }

  BackupException translate(S3Operation operation, Exception failure) {
    Exception e =
        failure.getCause() instanceof NothingThereException nothing ? nothing.failure() : failure;
    if (wasInterrupted(e)) {
      Thread.currentThread().interrupt();
      return Kind.CANCELLED.failure(operation.verb(), operation.location(), "interrupted", e);
    }
    Finding finding =
        e instanceof AwsServiceException answer ? refusals.of(operation, answer) : ofClient(e);
    return finding.kind().failure(operation.verb(), operation.location(), finding.fact(), e);
  }

  private static boolean wasInterrupted(Exception e) {
    return Thread.currentThread().isInterrupted() || causes(e).anyMatch(S3Failures::isInterruption);
  }

  private static boolean isInterruption(Throwable cause) {
    return cause instanceof AbortedException
        || cause instanceof InterruptedException
        || (cause instanceof InterruptedIOException && !isTimeout(cause));
  }

  /** Those of sockets and of Apache's client have the same supertype as an interruption. */
  private static boolean isTimeout(Throwable cause) {
    return cause.getClass().getSimpleName().endsWith("TimeoutException");
  }

  private static Stream<Throwable> causes(Throwable e) {
    return Stream.iterate(e, Objects::nonNull, Throwable::getCause).limit(20);
  }

  private Finding ofClient(Exception e) {
    return causes(e)
        .map(this::ofCause)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> ofUnknown(e));
  }

  private Finding ofUnknown(Exception e) {
    if (causes(e).anyMatch(IOException.class::isInstance)) {
      return new Finding(Kind.UNAVAILABLE, "the connection broke" + at() + ": " + Finding.text(e));
    }
    return causes(e).anyMatch(XMLStreamException.class::isInstance)
        ? new Finding(Kind.INVALID, "no S3 answers" + at() + ": " + Finding.text(e))
        : new Finding(Kind.FAILED, Finding.text(e));
  }

  private Optional<Finding> ofCause(Throwable cause) {
    if (cause instanceof NoCredentialsException) {
      return Optional.of(
          new Finding(
              Kind.DENIED,
              "no credentials: neither the environment, nor the profile, nor a role of this machine"
                  + " has any"));
    }
    if (cause instanceof NotAStoreException) {
      return Optional.of(
          new Finding(Kind.INVALID, "no S3 answers" + at() + ": " + Finding.text(cause)));
    }
    if (cause instanceof UnknownHostException) {
      return Optional.of(new Finding(Kind.UNAVAILABLE, "the host is not known" + at()));
    }
    if (isTimeout(cause)) {
      return Optional.of(new Finding(Kind.TIMEOUT, Finding.text(cause) + at()));
    }
    if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
      return Optional.of(new Finding(Kind.UNAVAILABLE, "no answer" + at()));
    }
    if (cause instanceof SSLHandshakeException) {
      return Optional.of(
          new Finding(
              Kind.FAILED, "the certificate is not trusted" + at() + ": " + Finding.text(cause)));
    }
    return Optional.empty();
  }

  private String at() {
    return " at " + endpoint;
  }

  /** Whether the store says that it has no such request at all. */
  public static boolean isUnknownRequest(SdkException e) {
    return e instanceof AwsServiceException answer
        && (answer.statusCode() == 501
            || answer.statusCode() == 405
            || "NotImplemented".equals(code(e)));
  }

  /** The code of an answer; null when there is none. */
  public static @Nullable String code(SdkException e) {
    return e instanceof AwsServiceException answer
        ? S3Refusals.details(answer).map(AwsErrorDetails::errorCode).orElse(null)
        : null;
  }
}
