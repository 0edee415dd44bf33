package dev.openmemory.backup.cli;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web server that always gives one answer, and keeps what it was asked. */
public record LocalServer(HttpServer server, List<String> requests, List<Headers> headers)
    implements Closeable {
  /** In the path, as such services have it. */
  public static final String SECRET = "canary-ping-2222";

  /** Where somebody expects a store. */
  public static LocalServer ofPages() throws IOException {
    return answering(200, "<html><body>Hello</body></html>");
  }

  public static LocalServer answering(int status) throws IOException {
    return answering(status, "");
  }

  private static LocalServer answering(int status, String page) throws IOException {
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    return answering(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  /** One that answers as it likes. */
  public static LocalServer answering(HttpHandler answer) throws IOException {
    List<String> requests = new CopyOnWriteArrayList<>();
    List<Headers> headers = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          headers.add(exchange.getRequestHeaders());
          answer.handle(exchange);
        });
    server.start();
    return new LocalServer(server, requests, headers);
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public String url() {
    return endpoint() + "/" + SECRET;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
