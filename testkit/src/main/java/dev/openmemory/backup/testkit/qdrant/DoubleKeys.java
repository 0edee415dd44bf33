package dev.openmemory.backup.testkit.qdrant;

/** The keys that a double asks for. */
final class DoubleKeys {
  private volatile String key = "";
  private volatile String readOnlyKey = "";

  /** Asks for a key; empty for none. */
  void require(String wanted) {
    key = wanted;
  }

  /** Takes also a key with which nothing can be changed. */
  void acceptReadOnly(String accepted) {
    readOnlyKey = accepted;
  }

  void check(DoubleRequest request) throws DoubleAnswer {
    if (key.isEmpty()) {
      return;
    }
    String bearer = request.header("authorization").replaceFirst("^Bearer ", "");
    String shown = request.header("api-key").isEmpty() ? bearer : request.header("api-key");
    if (shown.isEmpty()) {
      throw DoubleAnswer.text(401, "", "Must provide an API key or an Authorization bearer token");
    }
    boolean readOnly = !readOnlyKey.isEmpty() && shown.equals(readOnlyKey);
    if (!readOnly && !shown.equals(key)) {
      throw DoubleAnswer.text(401, "", "Invalid API key or JWT");
    }
    if (readOnly && !DoubleRoutes.isRead(request)) {
      String words = "Forbidden: Global manage access is required";
      throw DoubleRoutes.isUpload(request)
          ? DoubleAnswer.plain(403, words)
          : DoubleAnswer.error(403, words);
    }
  }
}
