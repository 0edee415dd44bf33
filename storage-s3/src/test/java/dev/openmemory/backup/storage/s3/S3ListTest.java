package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Listings as stores give them: in pages, and with what others keep there. */
@ExtendWith(AwsKeys.class)
class S3ListTest {
  private S3Server server;
  private String bucket;

  @BeforeEach
  void makeBucket() throws Exception {
    server = S3ProxyServer.shared();
    bucket = server.createBucket();
  }

  @Test
  void moreThanOnePageIsOneList() throws Exception {
    List<String> names = IntStream.range(0, 1005).mapToObj("b/%04d"::formatted).toList();
    put(names.stream().map(name -> "om/" + name).toList());

    assertThat(list("om", "")).containsExactlyElementsOf(names);
    assertThat(list("om", "b/100")).containsExactlyElementsOf(names.subList(1000, 1005));
  }

  @Test
  void whatIsNotOursIsNeitherListedNorInTheWay() throws Exception {
    put(
        List.of(
            "om/a/manifest.json",
            "om/.openmemory-backup/uploads/x.json",
            "om/a/.hidden",
            "om/a/with space",
            "om-of-somebody-else/b",
            "above"));

    assertThat(list("om", "")).containsExactly("a/manifest.json");
    assertThat(list("om/a", "")).containsExactly("manifest.json");
    assertThat(list("nothing", "")).isEmpty();
  }

  @Test
  void aWholeBucketIsATargetToo() throws Exception {
    put(List.of("a/manifest.json", ".openmemory-backup/create-only", "b"));

    assertThat(list("", "")).containsExactly("a/manifest.json", "b");
  }

  private void put(List<String> keys) {
    try (S3Client client = server.client()) {
      keys.parallelStream()
          .forEach(
              key ->
                  client.putObject(
                      request -> request.bucket(bucket).key(key), RequestBody.fromString("x")));
    }
  }

  private List<String> list(String prefix, String begin) throws Exception {
    URI location = URI.create("s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix));
    try (BackupTarget target = new S3BackupTargetProvider().open(location, server.options())) {
      return target.list(begin).stream().map(ObjectInfo::name).map(Object::toString).toList();
    }
  }
}
