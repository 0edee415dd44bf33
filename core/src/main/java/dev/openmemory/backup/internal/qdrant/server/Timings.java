package dev.openmemory.backup.internal.qdrant.server;

import java.time.Duration;

/**
 * How long a client waits for what.
 *
 * @param connect until a connection stands
 * @param answer until a short answer is complete
 * @param silence between two buffers of a long body, in either direction
 * @param restored how long a read keeps asking while a shard is replaced, which took 0.3 s for
 *     2,001 points on Qdrant 1.18.3
 * @param create until a snapshot is made, in the request and once more when that was lost
 * @param restore until a snapshot is taken over, in the request and once more when that was lost
 * @param poll between two looks at something that is going on
 * @param stable for how long a collection must not change to count as taken over
 */
record Timings(
    Duration connect,
    Duration answer,
    Duration silence,
    Duration restored,
    Duration create,
    Duration restore,
    Duration poll,
    Duration stable) {

  /**
   * For people's servers. Measured on Qdrant 1.18.3: 191 MB are made in 1 s and taken over in 2 s;
   * disks that are a hundred times slower still get through with the gigabytes that memories are.
   */
  static final Timings DEFAULT =
      new Timings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofMinutes(30),
          Duration.ofMinutes(30),
          Duration.ofMillis(100),
          Duration.ofSeconds(2));
}
