package dev.openmemory.backup.cli.notify;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * As much of a mail server as a client needs for one message with STARTTLS or TLS, which GreenMail
 * does not have with a certificate of ours. It keeps each line, with {@code TLS} before it if the
 * line was encrypted.
 */
final class TlsMailServer implements Closeable {
  private static final char[] PASSWORD = "of-a-test".toCharArray();

  private final ServerSocket listener;
  private final SSLContext context;
  private final boolean encryptedFromTheStart;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private TlsMailServer(SSLContext context, boolean encryptedFromTheStart) throws IOException {
    this.context = context;
    this.encryptedFromTheStart = encryptedFromTheStart;
    this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  static TlsMailServer start(boolean encryptedFromTheStart)
      throws IOException, GeneralSecurityException {
    TlsMailServer server = new TlsMailServer(context(), encryptedFromTheStart);
    Thread thread = new Thread(server::serve, "mail server");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  /** Of a certificate for 127.0.0.1 that only its own key has signed. */
  private static SSLContext context() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    Path file =
        Path.of(
            System.getProperty("openmemory.root"),
            "storage-s3/src/test/resources/dev/openmemory/backup/storage/s3/store.p12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("store", store.getCertificate("store"));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /** Trusts the certificate. */
  SSLSocketFactory client() {
    return context.getSocketFactory();
  }

  int port() {
    return listener.getLocalPort();
  }

  List<String> lines() {
    return lines;
  }

  /** One connection after the other: a failed attempt may be repeated. */
  private void serve() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        if (encryptedFromTheStart) {
          talk(encrypted(socket), "TLS ");
        } else {
          talk(socket, "");
        }
      } catch (IOException e) {
        lines.add("ended by " + e.getClass().getSimpleName());
      }
    }
  }

  private SSLSocket encrypted(Socket socket) throws IOException {
    SSLSocket encrypted =
        (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
    encrypted.setUseClientMode(false);
    return encrypted;
  }

  private void talk(Socket socket, String mark) throws IOException {
    if (mark.isEmpty() || encryptedFromTheStart) {
      say(socket, "220 ready");
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    boolean inMessage = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      lines.add(mark + line);
      String command = line.toUpperCase(Locale.ROOT);
      if (inMessage) {
        inMessage = !line.equals(".");
        if (!inMessage) {
          say(socket, "250 accepted");
        }
      } else if (command.equals("STARTTLS")) {
        say(socket, "220 go ahead");
        talk(encrypted(socket), "TLS ");
        return;
      } else if (command.startsWith("EHLO")) {
        say(socket, "250-here\r\n250 " + (mark.isEmpty() ? "STARTTLS" : "AUTH PLAIN"));
      } else if (command.startsWith("AUTH")) {
        say(socket, "235 welcome");
      } else if (command.equals("DATA")) {
        inMessage = true;
        say(socket, "354 go on");
      } else {
        say(socket, "250 yes");
      }
    }
  }

  private static void say(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
