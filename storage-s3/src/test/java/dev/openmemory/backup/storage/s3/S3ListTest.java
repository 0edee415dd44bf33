package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;

/** Listings as stores give them: in pages, and with what others keep there. */
@ExtendWith(AwsKeys.class)
class S3ListTest {
  private S3Server server;
  private FaultyStore store;
  private String bucket;

  @BeforeEach
  void makeBucket() throws Exception {
    // The size of its pages is not part of what we sign.
    server = S3ProxyServer.withoutSignatures();
    store = FaultyStore.before(server);
    bucket = server.createBucket();
  }

  @AfterEach
  void endStore() throws Exception {
    store.close();
  }

  @Test
  void moreThanOnePageIsOneList() throws Exception {
    store.always(StoreRequest.Kind.LIST, e -> e.reply(e.forwardWithQuery("max-keys=2")));
    List<String> names = List.of("a", "b/0", "b/1", "b/2", "c");
    put(names.stream().map(name -> "om/" + name).toList());

    assertThat(list("om", "")).containsExactlyElementsOf(names);
    assertThat(list("om", "b/")).containsExactlyElementsOf(names.subList(1, 4));
    assertThat(store.requests(StoreRequest.Kind.LIST)).as("pages").hasSize(3 + 2);
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

  @Test
  void ofForeignKeysInDeeperFoldersOnePageIsRead() throws Exception {
    store.always(StoreRequest.Kind.LIST, e -> e.reply(e.forwardWithQuery("max-keys=2")));
    List<String> foreign =
        IntStream.range(10, 50).mapToObj(i -> "om/photos/2020/" + i + "/x.jpg").toList();
    put(foreign);
    put(
        List.of(
            "om/a/manifest.json", "om/photos/2020/\u00fc", "om/photos/z", "om/z/manifest.json"));

    try (BackupTarget target = open("om")) {
      assertThat(target.listFolders(""))
          .extracting(object -> object.name().value())
          .containsExactly("a/manifest.json", "photos/z", "z/manifest.json");
    }
    assertThat(store.requests(StoreRequest.Kind.LIST)).as("pages").hasSize(3);
  }

  private void put(List<String> keys) {
    for (String key : keys) {
      server.client().putObject(r -> r.bucket(bucket).key(key), RequestBody.fromString("x"));
    }
  }

  private List<String> list(String prefix, String begin) throws Exception {
    try (BackupTarget target = open(prefix)) {
      return target.list(begin).stream().map(ObjectInfo::name).map(Object::toString).toList();
    }
  }

  private BackupTarget open(String prefix) throws Exception {
    URI location = URI.create("s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix));
    return new S3BackupTargetProvider().open(location, server.options(store.endpoint()));
  }
}
