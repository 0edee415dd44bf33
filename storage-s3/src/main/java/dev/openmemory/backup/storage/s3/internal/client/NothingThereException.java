package dev.openmemory.backup.storage.s3.internal.client;

import java.io.IOException;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Nothing could be connected to, nor ever before. The SDK repeats whatever an IOException caused.
 */
final class NothingThereException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final IOException failure;

  NothingThereException(IOException failure) {
    super("nothing there");
    this.failure = failure;
  }

  IOException failure() {
    return failure;
  }

  /** As the cause of an exception that the SDK lets through; subclasses of its own it flattens. */
  SdkClientException forSdk() {
    return SdkClientException.create(getMessage(), this);
  }
}
