package dev.openmemory.backup.storage.s3.internal.client;

import software.amazon.awssdk.core.exception.SdkClientException;

/** Something answered at the endpoint, and it is not S3. */
final class NotAStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotAStoreException(int status, String contentType) {
    super("HTTP " + status + " with " + contentType);
  }

  /** As the cause of an exception that the SDK lets through; subclasses of its own it flattens. */
  SdkClientException forSdk() {
    return SdkClientException.create(getMessage(), this);
  }
}
