package dev.openmemory.backup.storage.s3;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.net.ServerSocketFactory;

/**
 * A proxy before a store, on which requests go wrong as told. Without {@link Fault}s it changes
 * nothing: requests arrive as they were signed. It remembers all of them.
 */
final class FaultyStore implements Closeable {
  /** Otherwise the system would take a whole part that nobody reads. */
  private static final int RECEIVE_BYTES = 512 << 10;

  private final URI store;
  private final String scheme;
  private final ServerSocket listener;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<StoreRequest> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final CountDownLatch end = new CountDownLatch(1);
  private final StillTime time = new StillTime();
  private final Thread acceptor;

  private record Rule(Predicate<StoreRequest> requests, AtomicInteger times, Fault fault) {
    boolean takes(StoreRequest request) {
      return requests.test(request) && times.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }
  }

  private FaultyStore(URI store, String scheme, ServerSocket listener) {
    this.store = store;
    this.scheme = scheme;
    this.listener = listener;
    this.acceptor = begin("accept", this::accept);
  }

  static FaultyStore before(S3Server server) throws IOException {
    return before(server.endpoint(), "http", ServerSocketFactory.getDefault());
  }

  /** One that is spoken to by that scheme, and speaks plain HTTP to the store. */
  static FaultyStore before(URI store, String scheme, ServerSocketFactory sockets)
      throws IOException {
    ServerSocket listener = sockets.createServerSocket();
    listener.setReceiveBufferSize(RECEIVE_BYTES);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new FaultyStore(store, scheme, listener);
  }

  URI endpoint() {
    return URI.create(scheme + "://127.0.0.1:" + listener.getLocalPort());
  }

  /** By which its clients measure how long it is silent. */
  StillTime time() {
    return time;
  }

  /** Of the requests that the predicate takes, the next ones go wrong, after those told before. */
  void next(int times, Predicate<StoreRequest> requests, Fault fault) {
    rules.add(new Rule(requests, new AtomicInteger(times), fault));
  }

  void next(Predicate<StoreRequest> requests, Fault fault) {
    next(1, requests, fault);
  }

  void always(Predicate<StoreRequest> requests, Fault fault) {
    next(Integer.MAX_VALUE, requests, fault);
  }

  /** From now on nothing goes wrong. */
  void heal() {
    rules.clear();
  }

  /** All requests so far, in the order of their arrival. */
  List<StoreRequest> requests() {
    return List.copyOf(requests);
  }

  /** Those of them that the predicate takes. */
  List<StoreRequest> requests(Predicate<StoreRequest> wanted) {
    return requests.stream().filter(wanted).toList();
  }

  /** What they asked for; see {@link StoreRequest#kind}. */
  List<StoreRequest.Kind> kinds() {
    return requests.stream().flatMap(request -> request.kind().stream()).toList();
  }

  /** When this returns, nothing listens at the port. */
  @Override
  public void close() throws IOException {
    end.countDown();
    listener.close();
    awaitAcceptor();
    for (Socket client : clients) {
      client.close();
    }
  }

  /** The system keeps a closed socket listening for as long as a thread is inside its accept. */
  private void awaitAcceptor() throws IOException {
    try {
      acceptor.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (acceptor.isAlive()) {
      throw new IOException("still accepts at " + endpoint());
    }
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private static Thread begin(String name, Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException | InterruptedException e) {
                // One of both sides hung up, as either may.
              }
            },
            "faulty-store-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      client.setTcpNoDelay(true);
      clients.add(client);
      begin("serve", () -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException, InterruptedException {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      while (!client.isClosed()) {
        StoreRequest request = StoreRequest.read(in);
        if (request == null) {
          return;
        }
        requests.add(request);
        faultOf(request).happen(new Exchange(client, in, request));
      }
    } finally {
      clients.remove(client);
    }
  }

  private Fault faultOf(StoreRequest request) {
    return rules.stream()
        .filter(rule -> rule.takes(request))
        .map(Rule::fault)
        .findFirst()
        .orElse(Fault.none());
  }

  /** A request that is to be answered, and what can be done about it. */
  final class Exchange {
    private final Socket client;
    private final InputStream in;
    private final StoreRequest request;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private Exchange(Socket client, InputStream in, StoreRequest request) {
      this.client = client;
      this.in = in;
      this.request = request;
    }

    /** Takes so many bytes of the body. */
    void take(long bytes) throws IOException {
      body.write(in.readNBytes(Math.toIntExact(bytes)));
    }

    /** Takes what is left of the body. */
    void takeBody() throws IOException {
      take(request.bodyLength() - body.size());
    }

    /** The answer of the store. */
    byte[] forward() throws IOException {
      return forward(request);
    }

    byte[] forwardWithout(String... headers) throws IOException {
      StoreRequest stripped = request;
      for (String header : headers) {
        stripped = stripped.without(header);
      }
      return forward(stripped);
    }

    /** With another target, of which the signature knows nothing. */
    byte[] forward(UnaryOperator<String> target) throws IOException {
      return forward(
          new StoreRequest(request.method(), target.apply(request.target()), request.headers()));
    }

    private byte[] forward(StoreRequest request) throws IOException {
      takeBody();
      try (Socket connection = new Socket(store.getHost(), store.getPort())) {
        connection.setTcpNoDelay(true);
        OutputStream out = connection.getOutputStream();
        out.write(request.head());
        body.writeTo(out);
        out.flush();
        return connection.getInputStream().readAllBytes();
      }
    }

    /** Passes an answer of the store on. */
    void reply(byte[] answer) throws IOException {
      replyPart(answer, answer.length);
    }

    /** An answer of our own. */
    void reply(int status, List<String> headers, byte[] body) throws IOException {
      List<String> lines = new ArrayList<>(headers);
      lines.add(0, "HTTP/1.1 " + status + " As Wanted");
      lines.add("Content-Length: " + body.length);
      send(lines, request.method().equals("HEAD") ? new byte[0] : body, body.length);
    }

    /** Of the body of the answer only so many bytes; the headers promise all of them. */
    void replyPart(byte[] answer, int bytes) throws IOException {
      int head = headLength(answer);
      byte[] rest = Arrays.copyOfRange(answer, head, answer.length);
      List<String> lines = new ArrayList<>(headers(answer));
      lines.removeIf(line -> line.matches("(?i)connection:.*"));
      if (lines.stream().noneMatch(line -> line.matches("(?i)content-length:.*"))) {
        lines.add("Content-Length: " + rest.length);
      }
      send(lines, rest, Math.min(bytes, rest.length));
    }

    private void send(List<String> lines, byte[] body, int bytes) throws IOException {
      OutputStream out = client.getOutputStream();
      out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.write(body, 0, Math.min(bytes, body.length));
      out.flush();
    }

    private List<String> headers(byte[] answer) {
      String head = new String(answer, 0, headLength(answer), StandardCharsets.ISO_8859_1);
      return List.of(head.strip().split("\r\n"));
    }

    private int headLength(byte[] answer) {
      int end = new String(answer, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
      return end < 0 ? answer.length : end + 4;
    }

    /** Breaks the connection, which the client notices at once. */
    void reset() throws IOException {
      client.setSoLinger(true, 0);
      client.close();
    }

    /** Ends the connection in an orderly way. */
    void close() throws IOException {
      client.close();
    }

    /** Nothing more happens as long as this proxy lives. */
    void awaitEnd() throws IOException, InterruptedException {
      end.await();
      close();
    }

    /** The same; the client has waited too long as soon as it does nothing else. */
    void awaitTimeout() throws IOException, InterruptedException {
      time.passAnHour();
      awaitEnd();
    }
  }
}
