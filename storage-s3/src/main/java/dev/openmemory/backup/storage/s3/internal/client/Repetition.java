package dev.openmemory.backup.storage.s3.internal.client;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Tells of each attempt that failed and is followed by another, which the SDK makes silently. */
record Repetition(Consumer<String> told) {
  /** How the SDK counts, in a header of each request. */
  private static final Pattern ATTEMPT = Pattern.compile("attempt=(\\d{1,4}); max=(\\d{1,4})");

  void tell(SdkHttpRequest request, SdkHttpResponse answer) {
    int status = answer.statusCode();
    if (status == 429 || status == 500 || status >= 502) {
      tell(request, "the store says " + status);
    }
  }

  void tell(SdkHttpRequest request, Exception failure) {
    tell(request, Finding.text(failure));
  }

  private void tell(SdkHttpRequest request, String why) {
    Matcher attempt = ATTEMPT.matcher(request.firstMatchingHeader("amz-sdk-request").orElse(""));
    if (!attempt.matches() || attempt.group(1).equals(attempt.group(2))) {
      return;
    }
    String part =
        Optional.ofNullable(request.rawQueryParameters().get("partNumber"))
            .map(number -> " part " + String.join("", number))
            .orElse("");
    told.accept(
        request.method()
            + " "
            + request.encodedPath()
            + part
            + " is sent again after attempt "
            + attempt.group(1)
            + " of "
            + attempt.group(2)
            + ": "
            + why);
  }
}
