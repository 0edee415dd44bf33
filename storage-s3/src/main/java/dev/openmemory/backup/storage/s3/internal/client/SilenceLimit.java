package dev.openmemory.backup.storage.s3.internal.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * How long a store may be silent after it was given a part or a large object. Behind a slow line
 * with deep buffers a part is on its way for minutes after its last byte was taken, and nothing
 * tells that from a store that hangs. So each such request that ended for silence after bytes of it
 * were taken doubles the time for all that follow, until the longest time was too short twice.
 * Thread-safe.
 */
final class SilenceLimit {
  /** A part of 8 MiB beside three others takes 9 minutes at 64 KiB/s. */
  private static final Duration LONGEST = Duration.ofMinutes(16);

  /** Fewer bytes are not on their way for minutes. */
  private static final long MANY_BYTES = 1 << 20;

  private final List<Duration> times;
  private int step;

  SilenceLimit(Duration first) {
    List<Duration> all = new ArrayList<>();
    for (Duration time = first; time.compareTo(LONGEST) < 0; time = time.multipliedBy(2)) {
      all.add(time);
    }
    Duration longest = longest(first);
    all.add(longest);
    all.add(longest);
    this.times = List.copyOf(all);
  }

  /** Whether the request carries a part or a large object. */
  static boolean isFor(SdkHttpRequest request) {
    return request.method() == SdkHttpMethod.PUT
        && (request.rawQueryParameters().containsKey("partNumber")
            || request
                .firstMatchingHeader("Content-Length")
                .filter(length -> Long.parseLong(length) >= MANY_BYTES)
                .isPresent());
  }

  static Duration longest(Duration first) {
    return first.compareTo(LONGEST) < 0 ? LONGEST : first;
  }

  /** What a request that begins now names when its time was too short. */
  synchronized int step() {
    return step;
  }

  /** The time of that step; the first one again when all were too short. */
  Duration time(int ofStep) {
    return times.get(ofStep < times.size() ? ofStep : 0);
  }

  /**
   * The time of that step was not enough. Parts that travel together and end together count once.
   *
   * @return whether another attempt has a chance
   */
  synchronized boolean wasTooShort(int ofStep) {
    step = Math.min(times.size(), Math.max(step, ofStep + 1));
    return step < times.size();
  }
}
