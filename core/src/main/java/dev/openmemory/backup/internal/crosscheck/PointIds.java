package dev.openmemory.backup.internal.crosscheck;

import dev.openmemory.backup.internal.qdrant.server.QdrantClient;
import dev.openmemory.backup.internal.qdrant.server.QdrantClient.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The ids of a collection's points at one instant, sorted, in little room. */
public final class PointIds {
  private final Sample sample;
  private final long total;
  private final List<String> users = new ArrayList<>();
  private final Map<String, Integer> userNumbers = new LinkedHashMap<>();
  private long[] high = new long[1024];
  private long[] low = new long[1024];
  private int[] user = new int[1024];
  private int size;
  private long numbers;

  private PointIds(Sample sample, long total) {
    this.sample = sample;
    this.total = total;
  }

  /** Asks the server for all, or, of more than a million, for a sample. */
  public static PointIds of(QdrantClient server, String collection) throws IOException {
    return of(server, collection, Sample.MOST);
  }

  static PointIds of(QdrantClient server, String collection, long most) throws IOException {
    long count = server.count(collection);
    PointIds ids = new PointIds(Sample.of(count, most), count);
    if (ids.sample.isAll()) {
      server.points(collection, Optional.empty(), ids::add);
    } else {
      for (UUID start : ids.sample.starts()) {
        server.points(collection, Optional.of(start), point -> ids.addWithin(start, point));
      }
    }
    return ids;
  }

  /** For so many points, that are {@linkplain #take taken} in the order of their ids. */
  public static PointIds expecting(long count) {
    return new PointIds(Sample.of(count, Sample.MOST), count);
  }

  /** Takes the next point. */
  public void take(Point point) {
    if (sample.isAll() || point.id().filter(sample::holds).isPresent()) {
      add(point);
    }
  }

  private boolean add(Point point) {
    if (point.id().isEmpty()) {
      numbers++;
      return true;
    }
    if (size == high.length) {
      high = Arrays.copyOf(high, size * 2);
      low = Arrays.copyOf(low, size * 2);
      user = Arrays.copyOf(user, size * 2);
    }
    high[size] = point.id().get().getMostSignificantBits();
    low[size] = point.id().get().getLeastSignificantBits();
    user[size] = number(point.user().orElse(""));
    size++;
    return true;
  }

  private boolean addWithin(UUID start, Point point) {
    boolean within =
        point.id().filter(id -> Sample.sameWindow(start, id) && sample.holds(id)).isPresent();
    return within && add(point);
  }

  private int number(String name) {
    return userNumbers.computeIfAbsent(
        name,
        key -> {
          users.add(key);
          return users.size() - 1;
        });
  }

  Sample sample() {
    return sample;
  }

  /** The exact number of points, also when only a sample of them is here. */
  public long total() {
    return total;
  }

  /** How many are here. */
  int size() {
    return size;
  }

  /** Points whose id is a number, which no memory has. */
  long numbers() {
    return numbers;
  }

  UUID id(int index) {
    return new UUID(high[index], low[index]);
  }

  String user(int index) {
    return users.get(user[index]);
  }

  /** Where the id is, or a negative number; the server gives ids in the order of their bits. */
  int find(UUID id) {
    int from = 0;
    int to = size - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = Long.compareUnsigned(high[middle], id.getMostSignificantBits());
      if (order == 0) {
        order = Long.compareUnsigned(low[middle], id.getLeastSignificantBits());
      }
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return -1;
  }
}
