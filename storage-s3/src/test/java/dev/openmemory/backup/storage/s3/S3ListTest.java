package dev.openmemory.backup.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    store.always(StoreRequest.Kind.LIST, e -> e.reply(e.forward(target -> target + "&max-keys=2")));
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
    store.always(StoreRequest.Kind.LIST, e -> e.reply(e.forward(target -> target + "&max-keys=2")));
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

  @Test
  void aFolderOfManyForeignFoldersIsReadByDelimiter() throws Exception {
    try (CrowdedStore crowded =
            CrowdedStore.with(
                Stream.concat(
                    Stream.of("om/a/manifest.json", "om/photos/9z.jpg", "om/photos0/manifest.json"),
                    IntStream.range(0, 50_000).mapToObj(i -> "om/photos/" + i / 10 + "/" + i)));
        BackupTarget target =
            new S3BackupTargetProvider()
                .open(URI.create("s3://bucket/om"), server.options(crowded.endpoint()))) {
      assertThat(target.listFolders(""))
          .extracting(object -> object.name().value())
          .containsExactly("a/manifest.json", "photos/9z.jpg", "photos0/manifest.json");
      assertThat(crowded.lists()).as("one page of keys, five of folders, the rest").isLessThan(9);
    }
  }

  @Test
  void aFolderWithMoreObjectsThanABackupHasIsPassedOverAndNamed() throws Exception {
    try (CrowdedStore crowded =
            CrowdedStore.with(
                Stream.concat(
                    Stream.of("a/manifest.json", "dump/manifest.json", "z/manifest.json"),
                    IntStream.range(0, 50_000).mapToObj(i -> "dump/" + i)));
        BackupTarget target =
            new S3BackupTargetProvider()
                .open(URI.create("s3://bucket"), server.options(crowded.endpoint()))) {
      assertThat(target.listFolders(""))
          .extracting(object -> object.name().value())
          .containsExactly("a/manifest.json", "z/manifest.json");
      assertThat(crowded.lists()).isLessThan(5);
      assertThat(((S3BackupTarget) target).passedOver()).isEqualTo("dump");
      assertThat(target.listFolders("dump/")).hasSize(50_001);
    }
  }

  @Test
  void aStoreThatIgnoresWhereAListIsToStartIsReadToItsEnd() throws Exception {
    store.always(
        StoreRequest.Kind.LIST,
        e ->
            e.reply(
                e.forward(target -> target.replaceAll("&start-after=[^&]*", "") + "&max-keys=2")));
    put(List.of("om/a/b/1", "om/a/b/2", "om/a/b/3", "om/a/x", "om/b/1/2", "om/z/1"));

    try (BackupTarget target = open("om")) {
      assertThat(target.listFolders(""))
          .extracting(object -> object.name().value())
          .containsExactly("a/x", "z/1");
    }
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
