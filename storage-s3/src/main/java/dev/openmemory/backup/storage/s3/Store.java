package dev.openmemory.backup.storage.s3;

import dev.openmemory.backup.internal.process.Owner;
import java.time.Clock;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What all parts of a target work with.
 *
 * @param clients for as long as the target is open
 * @param owner of an upload that begins now
 */
record Store(
    S3Clients clients,
    S3Requests requests,
    S3Location location,
    S3Options options,
    Clock clock,
    Supplier<Owner> owner) {
  /** For requests that carry parts or objects, or publish them. */
  S3Client uploads() {
    return clients.uploads();
  }

  /** For all other requests. */
  S3Client client() {
    return clients.others();
  }

  Digest digest(Part part) {
    return Digest.of(part, options.checksums());
  }

  /** Stores something of ours that is no object. */
  void putHidden(String key, byte[] bytes, boolean createOnly) {
    Part part = Part.of(bytes);
    client().putObject(requests.putHidden(key, createOnly, digest(part)), part.body());
  }

  /** The same when somebody waits for the end. */
  void putPromptly(String key, byte[] bytes) {
    Part part = Part.of(bytes);
    client().putObject(requests.putPromptly(key, digest(part)), part.body());
  }
}
