package dev.openmemory.backup.testkit.qdrant;

import dev.openmemory.backup.testkit.qdrant.DoubleFaults.Fault;
import dev.openmemory.backup.testkit.qdrant.DoubleFaults.Kind;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection of a client, with one request after the other. */
final class DoubleConnection implements Runnable {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  private static final int SMALL_BODY = 16 * 1024;

  private final Socket socket;
  private final QdrantDouble server;

  DoubleConnection(Socket socket, QdrantDouble server) {
    this.socket = socket;
    this.server = server;
  }

  static void sleep(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) server.keepAlive().toMillis());
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (DoubleRequest request = DoubleRequest.next(in);
          request != null && serve(request);
          request = DoubleRequest.next(in)) {
        // The next one.
      }
    } catch (IOException e) {
      // The client has disconnected, or was silent for too long.
    } finally {
      server.closed(socket);
    }
  }

  /** Whether the connection stays open. */
  private boolean serve(DoubleRequest request) throws IOException {
    String line = request.line();
    server.log(line);
    DoubleFaults faults = server.faults();
    faults.take(Kind.BEFORE, line).ifPresent(fault -> fault.action().run());
    faults.take(Kind.DELAY, line).ifPresent(fault -> sleep(fault.duration()));
    faults
        .take(Kind.LOSE, line)
        .ifPresent(
            fault ->
                request.whenRead(
                    () -> {
                      closeQuietly();
                      sleep(fault.duration());
                    }));
    DoubleAnswer answer;
    try {
      refuse(request);
      answer = server.routes().answer(request);
    } catch (DoubleAnswer refusal) {
      answer = refusal;
    }
    if (request.isBodyLeft() && request.bodyLength() <= SMALL_BODY) {
      // It comes with the head, so that there is nothing to break off.
      request.body().readAllBytes();
    }
    send(answer, line);
    return !request.isBodyLeft() && answer.status() != 408;
  }

  /** Refusals that come before the body is read, and end the connection then. */
  private void refuse(DoubleRequest request) throws DoubleAnswer {
    if (!DoubleRoutes.isOpen(request)) {
      server.keys().check(request);
    }
    Optional<Fault> fault = server.faults().take(Kind.ANSWER, request.line());
    if (fault.isPresent() && fault.get().answer().isPresent()) {
      throw fault.get().answer().get();
    }
    if (DoubleRoutes.isUpload(request)) {
      DoubleSnapshotRoutes.checkUpload(request);
    }
  }

  private void send(DoubleAnswer answer, String line) throws IOException {
    OutputStream out = new BufferedOutputStream(socket.getOutputStream());
    StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Status\r\n");
    head.append("content-length: ").append(answer.length()).append("\r\n");
    head.append("date: ").append(DATE.format(server.now())).append("\r\n");
    answer.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    Path file = answer.file();
    if (file == null) {
      out.write(answer.text());
    } else {
      sendFile(answer, file, line, out);
    }
    out.flush();
  }

  private void sendFile(DoubleAnswer answer, Path file, String line, OutputStream out)
      throws IOException {
    DoubleFaults faults = server.faults();
    @Nullable Fault cut = faults.take(Kind.CUT, line).orElse(null);
    @Nullable Fault stall = faults.take(Kind.STALL, line).orElse(null);
    boolean corrupt = faults.take(Kind.CORRUPT, line).isPresent();
    long end = cut != null ? cut.bytes() : stall != null ? stall.bytes() : Long.MAX_VALUE;
    long count = Math.min(end, answer.length());
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(answer.start());
      copy(in, out, count, corrupt);
    }
    out.flush();
    if (stall != null) {
      sleep(stall.duration());
    }
    if (count < answer.length()) {
      throw new IOException("cut");
    }
  }

  private static void copy(InputStream in, OutputStream out, long length, boolean corrupt)
      throws IOException {
    byte[] buffer = new byte[65_536];
    boolean first = true;
    for (long left = length; left > 0; ) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new IOException("the file got shorter");
      }
      if (corrupt && first) {
        buffer[count / 2] ^= 1;
      }
      first = false;
      out.write(buffer, 0, count);
      left -= count;
    }
  }

  private void closeQuietly() {
    try {
      socket.close();
    } catch (IOException e) {
      // It no longer exists, as was wanted.
    }
  }
}
