package dev.openmemory.backup.internal.qdrant.server;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.internal.file.FileFailure;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/** A form with one file, as the upload of a snapshot wants it. Its length is known before. */
final class Multipart {
  private final String boundary = "openmemory-backup-" + UUID.randomUUID();
  private final String fileName;

  /** A form with a file of that name, which needs no quoting. */
  Multipart(String fileName) {
    this.fileName = fileName;
  }

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  BodyPublisher holding(byte[] content) {
    return around(BodyPublishers.ofByteArray(content));
  }

  /** The file is read while it is sent. */
  BodyPublisher holding(Path file) throws BackupException {
    try {
      return around(BodyPublishers.ofFile(file));
    } catch (IOException e) {
      throw FileFailure.of("upload snapshot", file, e);
    }
  }

  private BodyPublisher around(BodyPublisher content) {
    return BodyPublishers.concat(text(head()), content, text("\r\n--" + boundary + "--\r\n"));
  }

  private String head() {
    return "--"
        + boundary
        + "\r\nContent-Disposition: form-data; name=\"snapshot\"; filename=\""
        + fileName
        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
  }

  private static BodyPublisher text(String text) {
    return BodyPublishers.ofString(text, StandardCharsets.US_ASCII);
  }
}
