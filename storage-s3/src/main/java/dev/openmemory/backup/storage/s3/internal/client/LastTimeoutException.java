package dev.openmemory.backup.storage.s3.internal.client;

import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A silence that was waited for long enough. The SDK repeats whatever an IOException caused. */
final class LastTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LastTimeoutException(Duration silence) {
    super("no sign of the store for " + silence.toSeconds() + " s");
  }

  /** As the cause of an exception that the SDK lets through; subclasses of its own it flattens. */
  SdkClientException forSdk() {
    return SdkClientException.create(getMessage(), this);
  }
}
