package dev.openmemory.backup.cli.notify;

import dev.openmemory.backup.cli.notify.MailServer.Login;
import dev.openmemory.backup.cli.notify.MailServer.Tls;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/** E-mail by a mail server. */
final class EmailWay implements Way {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int PERMANENT = 500;

  private final MailServer server;
  private final String from;
  private final List<String> to;
  private final Optional<SSLSocketFactory> trusted;

  /**
   * A way.
   *
   * @param from an address, as {@link #isAddress} has accepted it
   * @param to likewise
   * @param trusted makes connections with TLS in place of the factory of this Java
   */
  EmailWay(MailServer server, String from, List<String> to, Optional<SSLSocketFactory> trusted) {
    this.server = server;
    this.from = from;
    this.to = List.copyOf(to);
    this.trusted = trusted;
  }

  static boolean isAddress(String text) {
    try {
      return !new InternetAddress(text, true).getAddress().isEmpty();
    } catch (AddressException e) {
      return false;
    }
  }

  @Override
  public String name() {
    return "email";
  }

  @Override
  public String host() {
    return server.host();
  }

  @Override
  public Optional<Trouble> send(Notice notice, Duration longest) {
    // A read from its socket cannot be interrupted, and each byte would begin its time-out anew.
    FutureTask<Optional<Trouble>> attempt = new FutureTask<>(() -> attempt(notice, longest));
    Thread thread = new Thread(attempt, "notification-email");
    thread.setDaemon(true);
    thread.start();
    try {
      return attempt.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(Trouble.STOPPED);
    } catch (TimeoutException e) {
      return Optional.of(new Trouble("no answer within " + longest.toSeconds() + " s", true));
    } catch (ExecutionException e) {
      return Optional.of(
          new Trouble(simpleName(Objects.requireNonNullElse(e.getCause(), e)), false));
    }
  }

  private Optional<Trouble> attempt(Notice notice, Duration longest) throws MessagingException {
    Session session = Session.getInstance(properties(longest));
    MimeMessage message = message(session, notice);
    // Its close after an accepted message may fail, which no longer matters.
    SMTPTransport transport = (SMTPTransport) session.getTransport("smtp");
    try {
      connect(transport);
      transport.sendMessage(message, message.getAllRecipients());
      return Optional.empty();
    } catch (MessagingException e) {
      return Optional.of(trouble(e, transport.getLastReturnCode()));
    } finally {
      close(transport);
    }
  }

  private void connect(SMTPTransport transport) throws MessagingException {
    String user = server.login().map(Login::user).orElse(null);
    String password = server.login().map(login -> login.password().text()).orElse(null);
    transport.connect(server.host(), server.port(), user, password);
  }

  private static void close(SMTPTransport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      // What counts is known.
      return;
    }
  }

  private MimeMessage message(Session session, Notice notice) throws MessagingException {
    MimeMessage message = new MimeMessage(session);
    message.setFrom(new InternetAddress(from, true));
    for (String recipient : to) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient, true));
    }
    message.setSubject(notice.title(), "UTF-8");
    message.setText(notice.text() + "\n", "UTF-8");
    // Absence notes must not answer it.
    message.setHeader("Auto-Submitted", "auto-generated");
    message.saveChanges();
    return message;
  }

  private Properties properties(Duration longest) {
    Properties properties = new Properties();
    Duration connect = longest.compareTo(CONNECT_TIMEOUT) < 0 ? longest : CONNECT_TIMEOUT;
    properties.put("mail.smtp.connectiontimeout", String.valueOf(connect.toMillis()));
    properties.put("mail.smtp.timeout", String.valueOf(longest.toMillis()));
    properties.put("mail.smtp.writetimeout", String.valueOf(longest.toMillis()));
    properties.put("mail.smtp.auth", String.valueOf(server.login().isPresent()));
    properties.put("mail.smtp.quitwait", "false");
    properties.put("mail.smtp.ssl.enable", String.valueOf(server.tls() == Tls.TLS));
    properties.put("mail.smtp.starttls.enable", String.valueOf(server.tls() == Tls.STARTTLS));
    properties.put("mail.smtp.starttls.required", String.valueOf(server.tls() == Tls.STARTTLS));
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    trusted.ifPresent(factory -> properties.put("mail.smtp.ssl.socketFactory", factory));
    properties.put("mail.from", from);
    return properties;
  }

  /**
   * In words of our own: answers of the server may repeat anything.
   *
   * @param code of its last answer
   */
  private Trouble trouble(MessagingException failure, int code) {
    if (failure instanceof AuthenticationFailedException) {
      return new Trouble("the server refused the login", false);
    }
    String name = "";
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return new Trouble("the host is not known", true);
      }
      if (cause instanceof SSLException) {
        return new Trouble("no encrypted connection (" + simpleName(cause) + ")", false);
      }
      name = simpleName(cause);
    }
    if (!name.isEmpty()) {
      return new Trouble("no connection (" + name + ")", true);
    }
    return code >= 400
        ? new Trouble("the server did not accept it, SMTP " + code, code < PERMANENT)
        : new Trouble(
            server.tls() == Tls.STARTTLS
                ? "the server does not offer STARTTLS, or ended the connection"
                : "the server ended the connection",
            false);
  }

  private static String simpleName(Throwable cause) {
    return cause.getClass().getSimpleName();
  }
}
