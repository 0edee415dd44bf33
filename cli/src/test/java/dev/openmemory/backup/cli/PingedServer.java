package dev.openmemory.backup.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A monitoring service that answers with one status and keeps what it was asked. */
record PingedServer(HttpServer server, List<String> requests) implements Closeable {
  /** In the path, as such services have it. */
  static final String SECRET = "canary-ping-2222";

  static PingedServer answering(int status) throws IOException {
    List<String> requests = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return new PingedServer(server, requests);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + SECRET;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
