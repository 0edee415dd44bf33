package dev.openmemory.backup.storage.s3.internal.client;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.ObjectInfo;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The objects in folders of a location, in a bucket that may hold any number of foreign ones. Pages
 * without a delimiter hold many backups each. Where one ends in a deeper folder, the rest of the
 * folder above it is read with a delimiter. A folder with more objects than a backup has is foreign
 * and passed over.
 */
public final class FolderListing {
  /** Of an object in a folder. */
  private static final int SEGMENTS = 2;

  /** A backup has about ten. */
  public static final int MOST_OBJECTS = 1000;

  private final Store store;
  private final String prefix;
  private final ListObjectsV2Request all;
  private final Map<String, Map<ObjectName, ObjectInfo>> folders = new HashMap<>();
  private final Set<String> foreign = new HashSet<>();
  private final Consumer<String> passedOver;
  private boolean startsAreIgnored;

  /**
   * Of the objects with names that start with the prefix.
   *
   * @param passedOver is told the name of each folder that has too many objects
   */
  public FolderListing(Store store, String prefix, Consumer<String> passedOver) {
    this.store = store;
    this.passedOver = passedOver;
    this.prefix = store.location().root() + prefix;
    this.all = store.requests().list(this.prefix);
  }

  /** The objects, by name. */
  public List<ObjectInfo> read() {
    ListObjectsV2Request next = all;
    while (next != null) {
      ListObjectsV2Response page = page(next);
      next = Boolean.TRUE.equals(page.isTruncated()) ? after(page) : null;
    }
    Map<ObjectName, ObjectInfo> sorted = new TreeMap<>();
    folders.values().forEach(sorted::putAll);
    return List.copyOf(sorted.values());
  }

  private ListObjectsV2Response page(ListObjectsV2Request request) {
    ListObjectsV2Response page = store.client().listObjectsV2(request);
    for (S3Object object : page.contents()) {
      store.info(object).ifPresent(this::take);
    }
    String start = request.startAfter();
    startsAreIgnored |= start != null && firstKey(page).compareTo(start) <= 0;
    return page;
  }

  private void take(ObjectInfo object) {
    List<String> segments = object.name().segments();
    if (segments.size() == SEGMENTS && !foreign.contains(segments.get(0))) {
      folders
          .computeIfAbsent(segments.get(0), folder -> new TreeMap<>())
          .put(object.name(), object);
    }
  }

  private static String firstKey(ListObjectsV2Response page) {
    return page.contents().isEmpty() ? "\uffff" : page.contents().get(0).key();
  }

  /** The request for what comes after the page; null when nothing does. */
  private @Nullable ListObjectsV2Request after(ListObjectsV2Response page) {
    List<S3Object> objects = page.contents();
    String last = objects.isEmpty() ? "" : objects.get(objects.size() - 1).key();
    String folder = folderOf(last);
    if (folder != null && !startsAreIgnored) {
      boolean deeper = last.indexOf('/', folder.length()) > 0;
      if (isOverfull(folder)) {
        return behind(folder);
      }
      if (deeper) {
        readByDelimiter(folder, last);
        return behind(folder);
      }
    }
    return all.toBuilder().continuationToken(page.nextContinuationToken()).build();
  }

  private void readByDelimiter(String folder, String last) {
    ListObjectsV2Request rest =
        all.toBuilder()
            .prefix(prefix.length() > folder.length() ? prefix : folder)
            .delimiter("/")
            .startAfter(last)
            .build();
    ListObjectsV2Response page = page(rest);
    while (Boolean.TRUE.equals(page.isTruncated()) && !isOverfull(folder)) {
      page = page(rest.toBuilder().continuationToken(page.nextContinuationToken()).build());
    }
  }

  /** Of {@code root/a/b} it is {@code root/a/}; null for a key in no folder. */
  private @Nullable String folderOf(String key) {
    int slash = key.indexOf('/', store.location().root().length());
    return slash < 0 ? null : key.substring(0, slash + 1);
  }

  private @Nullable ListObjectsV2Request behind(String folder) {
    if (prefix.startsWith(folder)) {
      return null;
    }
    // The character that comes next after the slash.
    String start = folder.substring(0, folder.length() - 1) + '0';
    return all.toBuilder().startAfter(start).build();
  }

  /** Whether it is foreign for its size; not where just this folder was asked for. */
  private boolean isOverfull(String folder) {
    String name = folder.substring(store.location().root().length(), folder.length() - 1);
    int size = Objects.requireNonNullElse(folders.get(name), Map.of()).size();
    if (size <= MOST_OBJECTS || prefix.startsWith(folder)) {
      return foreign.contains(name);
    }
    folders.remove(name);
    foreign.add(name);
    passedOver.accept(name);
    return true;
  }
}
