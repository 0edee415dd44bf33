package dev.openmemory.backup.storage.s3.internal.client;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * The region of the bucket, once a store has said that it is another one than was asked. The SDK
 * follows the redirects of Amazon only.
 */
final class BucketRegion {
  private static final S3EndpointProvider ENDPOINTS = S3EndpointProvider.defaultProvider();

  private final AtomicReference<@Nullable Region> found = new AtomicReference<>();

  /** A client that follows the bucket, as all clients of this region do. */
  S3Client following(S3Client client) {
    return new Following(client);
  }

  private final class Following extends DelegatingS3Client {
    Following(S3Client client) {
      super(client);
    }

    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
      Region asked = found.get();
      try {
        return operation.apply(at(request, asked));
      } catch (S3Exception e) {
        Optional<Region> right = S3Refusals.rightRegion(e).map(Region::of);
        if (right.isEmpty() || right.get().equals(asked)) {
          throw e;
        }
        found.set(right.get());
        return operation.apply(at(request, right.get()));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends S3Request> T at(T request, @Nullable Region region) {
    if (region == null) {
      return request;
    }
    AwsRequestOverrideConfiguration.Builder override =
        request
            .overrideConfiguration()
            .map(AwsRequestOverrideConfiguration::toBuilder)
            .orElseGet(AwsRequestOverrideConfiguration::builder);
    S3EndpointProvider there =
        parameters -> ENDPOINTS.resolveEndpoint(parameters.toBuilder().region(region).build());
    return (T)
        request.toBuilder().overrideConfiguration(override.endpointProvider(there).build()).build();
  }
}
