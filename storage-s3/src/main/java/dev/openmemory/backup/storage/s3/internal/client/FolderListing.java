package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.spi.ObjectInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects in folders of a location. At most one page is read of the keys below a deeper folder,
 * since a bucket may hold any number of foreign objects.
 */
public final class FolderListing {
  /** Of an object in a folder. */
  private static final int SEGMENTS = 2;

  /** Sorts behind all other characters of ASCII. */
  private static final String LAST = "~";

  private final Store store;

  public FolderListing(Store store) {
    this.store = store;
  }

  /** The objects with names that start with the prefix, by name. */
  public List<ObjectInfo> read(String prefix) {
    List<ObjectInfo> found = new ArrayList<>();
    ListObjectsV2Request request = store.requests().list(store.location().root() + prefix);
    ListObjectsV2Response page = store.client().listObjectsV2(request);
    take(page, found);
    while (Boolean.TRUE.equals(page.isTruncated())) {
      page = store.client().listObjectsV2(next(request, page));
      take(page, found);
    }
    found.sort(Comparator.comparing(ObjectInfo::name));
    return found;
  }

  private void take(ListObjectsV2Response page, List<ObjectInfo> found) {
    page.contents().stream()
        .flatMap(object -> store.info(object).stream())
        .filter(object -> object.name().segments().size() == SEGMENTS)
        .forEach(found::add);
  }

  private ListObjectsV2Request next(ListObjectsV2Request request, ListObjectsV2Response page) {
    List<S3Object> objects = page.contents();
    String last = objects.isEmpty() ? "" : objects.get(objects.size() - 1).key();
    String behind = behindDeeperFolder(last);
    // A key that is not in ASCII may sort behind it; going back would never end.
    return behind.compareTo(last) > 0
        ? request.toBuilder().startAfter(behind).build()
        : request.toBuilder().continuationToken(page.nextContinuationToken()).build();
  }

  /** Of {@code root/a/b/c} what comes behind {@code root/a/b/}; empty for a key less deep. */
  private String behindDeeperFolder(String key) {
    int slash = store.location().root().length() - 1;
    for (int i = 0; i < SEGMENTS; i++) {
      slash = key.indexOf('/', slash + 1);
      if (slash < 0) {
        return "";
      }
    }
    return key.substring(0, slash + 1) + LAST;
  }
}
