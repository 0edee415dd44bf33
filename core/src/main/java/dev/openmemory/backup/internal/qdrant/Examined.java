package dev.openmemory.backup.internal.qdrant;

import java.util.List;

/**
 * What a collection showed when every point of it was read with payload and vectors, and a sample
 * of the points was searched for by their own vectors.
 *
 * @param points how many were read
 * @param withoutVector how many have no vector, or one of zeros alone
 * @param first ids of some of these
 * @param searched how many were searched for
 * @param notFound ids of points that a search for their own vector did not find
 */
public record Examined(
    long points, long withoutVector, List<String> first, long searched, List<String> notFound) {
  /** How many points of a collection are searched for, spread over all of them. */
  public static final int SAMPLE = 100;

  /** How many points a search gives. All may be as near, when they have the same vector. */
  public static final int NEAREST = 10;

  public Examined {
    first = List.copyOf(first);
    notFound = List.copyOf(notFound);
  }
}
