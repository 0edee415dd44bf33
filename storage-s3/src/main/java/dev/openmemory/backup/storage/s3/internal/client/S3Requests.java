package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.storage.s3.internal.part.PartDigest;
import dev.openmemory.backup.storage.s3.internal.settings.CustomerKey;
import dev.openmemory.backup.storage.s3.internal.settings.ObjectSettings;
import dev.openmemory.backup.storage.s3.internal.settings.RetrySettings;
import dev.openmemory.backup.storage.s3.internal.settings.S3Options;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.RequestPayer;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** Requests with all that the options ask for, so that no option is forgotten in one of them. */
public final class S3Requests {
  /** Names the write that made an object. */
  public static final String WRITE_ID = "openmemory-write";

  /** For {@code If-None-Match}: only if there is none. */
  public static final String ANY = "*";

  private final String bucket;
  private final S3Options options;
  private final Clock clock;
  private final AwsRequestOverrideConfiguration prompt;

  public S3Requests(String bucket, S3Options options, RetrySettings retries, Clock clock) {
    this.bucket = bucket;
    this.options = options;
    this.clock = clock;
    this.prompt =
        AwsRequestOverrideConfiguration.builder().apiCallTimeout(retries.cleanup()).build();
  }

  public PutObjectRequest put(String key, String writeId, boolean createOnly, PartDigest digest) {
    ObjectSettings objects = options.objects();
    return putHidden(key, createOnly, digest).toBuilder()
        .metadata(Map.of(WRITE_ID, writeId))
        .storageClass(objects.storageClass())
        .objectLockMode(objects.lockMode())
        .objectLockRetainUntilDate(objects.lockedUntil(clock.instant()))
        .build();
  }

  /**
   * Of something of ours that is no object: never locked, but with all that a policy of the bucket
   * may demand of each write.
   */
  PutObjectRequest putHidden(String key, boolean createOnly, PartDigest digest) {
    ObjectSettings objects = options.objects();
    return PutObjectRequest.builder()
        .bucket(bucket)
        .key(key)
        .requestPayer(payer())
        .serverSideEncryption(objects.encryption())
        .ssekmsKeyId(objects.kmsKey())
        .tagging(objects.tags())
        .sseCustomerAlgorithm(customerAlgorithm())
        .sseCustomerKey(customerKey())
        .sseCustomerKeyMD5(customerKeyMd5())
        .checksumCRC32(digest.crc32())
        .contentMD5(digest.md5())
        .ifNoneMatch(createOnly ? ANY : null)
        .build();
  }

  PutObjectRequest putPromptly(String key, PartDigest digest) {
    return putHidden(key, false, digest).toBuilder().overrideConfiguration(prompt).build();
  }

  public CreateMultipartUploadRequest create(String key, String writeId) {
    ObjectSettings objects = options.objects();
    return createHidden(key).toBuilder()
        .metadata(Map.of(WRITE_ID, writeId))
        .storageClass(objects.storageClass())
        .objectLockMode(objects.lockMode())
        .objectLockRetainUntilDate(objects.lockedUntil(clock.instant()))
        .build();
  }

  /** For something of ours that is no object. */
  public CreateMultipartUploadRequest createHidden(String key) {
    ObjectSettings objects = options.objects();
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder()
            .bucket(bucket)
            .key(key)
            .requestPayer(payer())
            .serverSideEncryption(objects.encryption())
            .ssekmsKeyId(objects.kmsKey())
            .tagging(objects.tags())
            .sseCustomerAlgorithm(customerAlgorithm())
            .sseCustomerKey(customerKey())
            .sseCustomerKeyMD5(customerKeyMd5());
    if (options.checksums()) {
      request.checksumAlgorithm(ChecksumAlgorithm.CRC32).checksumType(ChecksumType.FULL_OBJECT);
    }
    return request.build();
  }

  public UploadPartRequest part(String key, String uploadId, int number, PartDigest digest) {
    return UploadPartRequest.builder()
        .bucket(bucket)
        .key(key)
        .uploadId(uploadId)
        .partNumber(number)
        .requestPayer(payer())
        .sseCustomerAlgorithm(customerAlgorithm())
        .sseCustomerKey(customerKey())
        .sseCustomerKeyMD5(customerKeyMd5())
        .checksumCRC32(digest.crc32())
        .contentMD5(digest.md5())
        .build();
  }

  public CompleteMultipartUploadRequest.Builder complete(String key, String uploadId) {
    return CompleteMultipartUploadRequest.builder()
        .bucket(bucket)
        .key(key)
        .uploadId(uploadId)
        .requestPayer(payer())
        .sseCustomerAlgorithm(customerAlgorithm())
        .sseCustomerKey(customerKey())
        .sseCustomerKeyMD5(customerKeyMd5());
  }

  public AbortMultipartUploadRequest abort(String key, String uploadId) {
    return AbortMultipartUploadRequest.builder()
        .bucket(bucket)
        .key(key)
        .uploadId(uploadId)
        .requestPayer(payer())
        .overrideConfiguration(prompt)
        .build();
  }

  /** By the exact key: there are stores that answer nothing for a prefix. */
  public ListMultipartUploadsRequest uploads(String key) {
    return ListMultipartUploadsRequest.builder()
        .bucket(bucket)
        .prefix(key)
        .requestPayer(payer())
        .overrideConfiguration(prompt)
        .build();
  }

  public GetObjectRequest get(String key, long offset, @Nullable String eTag) {
    return GetObjectRequest.builder()
        .bucket(bucket)
        .key(key)
        .range(offset == 0 ? null : "bytes=" + offset + "-")
        .ifMatch(eTag)
        .requestPayer(payer())
        .sseCustomerAlgorithm(customerAlgorithm())
        .sseCustomerKey(customerKey())
        .sseCustomerKeyMD5(customerKeyMd5())
        .build();
  }

  public HeadObjectRequest head(String key) {
    return HeadObjectRequest.builder()
        .bucket(bucket)
        .key(key)
        .requestPayer(payer())
        .sseCustomerAlgorithm(customerAlgorithm())
        .sseCustomerKey(customerKey())
        .sseCustomerKeyMD5(customerKeyMd5())
        .build();
  }

  public HeadObjectRequest headPromptly(String key) {
    return head(key).toBuilder().overrideConfiguration(prompt).build();
  }

  public ListObjectsV2Request list(String prefix) {
    return ListObjectsV2Request.builder()
        .bucket(bucket)
        .prefix(prefix)
        .requestPayer(payer())
        .build();
  }

  /** The versions of the key come first, the newest of them before the others. */
  ListObjectVersionsRequest versions(String key) {
    return ListObjectVersionsRequest.builder()
        .bucket(bucket)
        .prefix(key)
        .requestPayer(payer())
        .build();
  }

  public DeleteObjectRequest delete(String key) {
    return DeleteObjectRequest.builder().bucket(bucket).key(key).requestPayer(payer()).build();
  }

  private @Nullable RequestPayer payer() {
    return options.requesterPays() ? RequestPayer.REQUESTER : null;
  }

  private @Nullable String customerAlgorithm() {
    return options.customerKey() == null ? null : CustomerKey.ALGORITHM;
  }

  private @Nullable String customerKey() {
    return options.customerKey() == null ? null : options.customerKey().base64();
  }

  private @Nullable String customerKeyMd5() {
    return options.customerKey() == null ? null : options.customerKey().md5();
  }
}
