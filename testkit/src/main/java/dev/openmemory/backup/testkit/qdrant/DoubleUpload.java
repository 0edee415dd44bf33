package dev.openmemory.backup.testkit.qdrant;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of a multipart form.
 *
 * @param name as the client gave it
 */
record DoubleUpload(String name, Path spooled) {
  private static final Pattern BOUNDARY =
      Pattern.compile("multipart/form-data;\\s*boundary=\"?([^\"]+)\"?");
  private static final Pattern FILE_NAME = Pattern.compile("filename=\"([^\"]*)\"");
  private static final int LONGEST_HEAD = 8192;

  /** Reads the form. One that is cut in the middle leaves no file. */
  static DoubleUpload read(DoubleRequest request, DoubleSnapshots snapshots)
      throws IOException, DoubleAnswer {
    Matcher boundary = BOUNDARY.matcher(request.header("content-type"));
    if (!boundary.matches()) {
      throw DoubleAnswer.plain(415, "ContentTypeIncompatible");
    }
    Path file = snapshots.spool();
    try {
      return read(request, boundary.group(1), file);
    } catch (IOException | DoubleAnswer e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static DoubleUpload read(DoubleRequest request, String boundary, Path file)
      throws IOException, DoubleAnswer {
    InputStream in = request.body();
    String head = head(in);
    long tail = ("\r\n--" + boundary + "--\r\n").length();
    long length = request.bodyLength() - head.length() - tail;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      copy(in, out, length);
    }
    in.transferTo(OutputStream.nullOutputStream());
    if (!head.contains("name=\"snapshot\"")) {
      throw DoubleAnswer.plain(400, "Required field is missing: snapshot");
    }
    Matcher name = FILE_NAME.matcher(head);
    return new DoubleUpload(name.find() ? name.group(1) : UUID.randomUUID().toString(), file);
  }

  private static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[65_536];
    for (long left = length; left > 0; ) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new IOException("a form without end");
      }
      out.write(buffer, 0, count);
      left -= count;
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < LONGEST_HEAD && head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        break;
      }
      head.append((char) c);
    }
    return head.toString();
  }
}
