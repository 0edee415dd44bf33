package dev.openmemory.backup.internal.qdrant.server;

/** The paths of Qdrant's REST interface, with names encoded. */
final class Paths {
  private Paths() {}

  static String collection(String name) {
    return "/collections/" + Address.encode(name);
  }

  static String snapshots(String collection) {
    return collection(collection) + "/snapshots";
  }

  static String snapshot(String collection, String name) {
    return snapshots(collection) + "/" + Address.encode(name);
  }
}
