package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.process.Owner;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.storage.s3.internal.part.Part;
import dev.openmemory.backup.storage.s3.internal.part.PartDigest;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Location;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What all parts of a target work with.
 *
 * @param clients for as long as the target is open
 * @param owner of an upload that begins now
 * @param vacantRecords keys of records that could not be removed and may be written again
 */
public record Store(
    S3Clients clients,
    S3Requests requests,
    S3Location location,
    S3Options options,
    RetrySettings retries,
    Clock clock,
    Supplier<Owner> owner,
    Queue<String> vacantRecords) {
  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  /** For requests that carry parts or objects, or publish them. */
  public S3Client uploads() {
    return clients.uploads();
  }

  /** For all other requests. */
  public S3Client client() {
    return clients.others();
  }

  public PartDigest digest(Part part) {
    return PartDigest.of(part, options.checksums());
  }

  /** Stores something of ours that is no object. */
  public void putHidden(String key, byte[] bytes, boolean createOnly) {
    Part part = Part.of(bytes);
    client().putObject(requests.putHidden(key, createOnly, digest(part)), part.body());
  }

  /** The same, when the user waits for the end. */
  public void putPromptly(String key, byte[] bytes) {
    Part part = Part.of(bytes);
    client().putObject(requests.putPromptly(key, digest(part)), part.body());
  }

  /** The object of the key, if it is there. */
  public Optional<HeadObjectResponse> head(String key) {
    return head(requests().head(key));
  }

  /** The object that the request names, if it is there. */
  public Optional<HeadObjectResponse> head(HeadObjectRequest request) {
    try {
      return Optional.of(client().headObject(request));
    } catch (AwsServiceException e) {
      if (e.statusCode() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether the store says that the newest version of the key is a delete marker. */
  public boolean isDeleted(String key) {
    try {
      return client().listObjectVersions(requests().versions(key)).deleteMarkers().stream()
          .anyMatch(marker -> key.equals(marker.key()) && Boolean.TRUE.equals(marker.isLatest()));
    } catch (AwsServiceException e) {
      LOG.debug("the versions of {} could not be listed", key, e);
      return false;
    }
  }

  /** What a listing says of an object; empty for a key that is not ours. */
  public Optional<ObjectInfo> info(S3Object listed) {
    return Optional.ofNullable(location.name(listed.key()))
        .map(name -> info(name, listed.size(), listed.lastModified()));
  }

  /** Lists have fractions of a second that a single object's facts do not have. */
  public static ObjectInfo info(ObjectName name, long size, Instant modified) {
    return new ObjectInfo(name, size, modified.truncatedTo(ChronoUnit.SECONDS));
  }
}
