package dev.openmemory.backup.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.cli.CommandLineRun;
import dev.openmemory.backup.cli.CommandLineRun.Surroundings;
import dev.openmemory.backup.cli.SampleTest;
import dev.openmemory.backup.cli.notify.Delivery.Outcome;
import dev.openmemory.backup.cli.notify.MailServer.Login;
import dev.openmemory.backup.cli.notify.MailServer.Tls;
import dev.openmemory.backup.spi.encryption.Secret;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** GreenMail is a real mail server in this process; it offers no STARTTLS. */
class EmailTest extends SampleTest {
  private static final String PASSWORD = "canary-mail-3333";
  private static final Notice NOTICE =
      new Notice(Occasion.FAILURE, "Backup failed: caf\u00e9", "It \u00fcailed.\n.\nEnd", Map.of());

  private final GreenMail mail =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  @BeforeEach
  void start() {
    mail.start();
  }

  @AfterEach
  void stop() {
    mail.stop();
  }

  private int port() {
    return mail.getSmtp().getPort();
  }

  private static Outcome send(MailServer server, Optional<SSLSocketFactory> trusted)
      throws Exception {
    return send(server, trusted, Duration.ofSeconds(30));
  }

  private static Outcome send(
      MailServer server, Optional<SSLSocketFactory> trusted, Duration longest) throws Exception {
    Way way =
        new EmailWay(
            server, "backup@example.org", List.of("me@example.org", "you@example.org"), trusted);
    Outcome outcome =
        new Delivery(List.of(way), new Cancellation(), longest, Duration.ofMillis(1))
            .send(NOTICE)
            .get(0);
    assertThat(outcome.warning() + outcome + way + server).doesNotContain(PASSWORD);
    return outcome;
  }

  private static Optional<Login> login() {
    return Optional.of(new Login("me", Secret.of(PASSWORD)));
  }

  private MailServer plain(Optional<Login> login) {
    return new MailServer("127.0.0.1", port(), Tls.NONE, login);
  }

  @Test
  void aMessageArrivesWithItsTextAndIsMarkedAsAutomatic() throws Exception {
    assertThat(send(plain(Optional.empty()), Optional.empty()).trouble()).isEmpty();
    assertThat(mail.getReceivedMessages()).hasSize(2);
    MimeMessage message = mail.getReceivedMessages()[0];
    assertThat(message.getSubject()).isEqualTo(NOTICE.title());
    assertThat(message.getContent().toString().replace("\r", "").strip()).isEqualTo(NOTICE.text());
    assertThat(message.getFrom()).containsExactly(new InternetAddress("backup@example.org"));
    assertThat(message.getAllRecipients()).hasSize(2);
    assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
  }

  @Test
  void aLoginThatIsRightIsAcceptedAndAWrongOneIsNotTriedAgain() throws Exception {
    mail.setUser("me@example.org", "me", PASSWORD);
    assertThat(send(plain(login()), Optional.empty()).trouble()).isEmpty();
    mail.setUser("me@example.org", "me", "another");
    assertThat(send(plain(login()), Optional.empty()).trouble())
        .contains("the server refused the login");
    assertThat(mail.getReceivedMessages()).hasSize(2);
  }

  @Test
  void withoutStarttlsNothingIsSent() throws Exception {
    MailServer server = new MailServer("127.0.0.1", port(), Tls.STARTTLS, login());
    assertThat(send(server, Optional.empty()).warning())
        .isEqualTo(
            "the notification by email to 127.0.0.1 failed: the server does not offer STARTTLS, or"
                + " ended the connection");
    assertThat(mail.getReceivedMessages()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Tls.class,
      names = {"STARTTLS", "TLS"})
  void loginAndMessageAreEncrypted(Tls tls) throws Exception {
    try (TlsMailServer server = TlsMailServer.start(tls == Tls.TLS)) {
      MailServer place = new MailServer("127.0.0.1", server.port(), tls, login());
      assertThat(send(place, Optional.of(server.client())).trouble()).isEmpty();
      String plain = "me\0me\0" + PASSWORD;
      String encoded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
      assertThat(server.lines())
          .contains("TLS AUTH PLAIN " + encoded, "TLS DATA", "TLS RCPT TO:<you@example.org>");
      assertThat(server.lines().stream().filter(line -> !line.startsWith("TLS ")))
          .allMatch(line -> line.startsWith("EHLO ") || line.equals("STARTTLS"));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Tls.class,
      names = {"STARTTLS", "TLS"})
  void aCertificateThatIsNotTrustedOrOfAnotherHostEndsIt(Tls tls) throws Exception {
    try (TlsMailServer server = TlsMailServer.start(tls == Tls.TLS)) {
      MailServer place = new MailServer("127.0.0.1", server.port(), tls, login());
      assertThat(send(place, Optional.empty()).trouble())
          .hasValueSatisfying(what -> assertThat(what).startsWith("no encrypted connection"));
      assertThat(server.lines()).noneMatch(line -> line.startsWith("TLS AUTH"));
    }
    try (TlsMailServer server = TlsMailServer.start(tls == Tls.TLS)) {
      MailServer other = new MailServer("localhost", server.port(), tls, login());
      assertThat(send(other, Optional.of(server.client())).arrived()).isFalse();
      assertThat(server.lines()).noneMatch(line -> line.contains("AUTH"));
    }
  }

  @Test
  void aServerThatNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      MailServer server =
          new MailServer("127.0.0.1", silent.getLocalPort(), Tls.NONE, Optional.empty());
      assertThat(send(server, Optional.empty(), Duration.ofMillis(50)).arrived()).isFalse();
    }
  }

  @Test
  void noServerIsAFailure() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertThat(
            send(new MailServer("127.0.0.1", port, Tls.NONE, login()), Optional.empty()).trouble())
        .contains("no connection (ConnectException)");
  }

  private Surroundings with(String... settings) throws IOException {
    StringBuilder text =
        new StringBuilder("notify-email-to: [me@example.org, you@example.org]\n")
            .append("notify-email-from: \"OpenMemory <backup@example.org>\"\n");
    for (String setting : settings) {
      text.append(setting).append('\n');
    }
    Files.writeString(sample.home().resolve("openmemory-backup.yaml"), text);
    return new Surroundings();
  }

  @Test
  void theSettingsSendAFailure() throws Exception {
    sample.backUp("first");
    mail.setUser("me@example.org", "me", PASSWORD);
    Path file = Files.writeString(temp.resolve("login"), "me\n" + PASSWORD + "\n");
    Surroundings surroundings =
        with("notify-email-server: 127.0.0.1:" + port(), "notify-email-login-file: " + file);
    CommandLineRun test = surroundings.run(sample.here("notify", "test", "-v"));
    assertThat(test.out()).isEqualTo("email  127.0.0.1  OK\n");
    CommandLineRun run = surroundings.run(sample.onStorage("backup", "first", "-v"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(mail.getReceivedMessages()).hasSize(4);
    assertThat(mail.getReceivedMessages())
        .extracting(MimeMessage::getSubject)
        .filteredOn(subject -> subject.startsWith("Backup failed: "))
        .hasSize(2);
    Files.writeString(file, "me\nwrong\n");
    CommandLineRun wrong = surroundings.run(sample.here("notify", "test", "-v"));
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(test.text() + run.text() + wrong.text()).doesNotContain(PASSWORD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "notify-email-server: mail.example\\nnotify-email-tls: none\\nnotify-email-login-file: LOGIN"
            + "| a login would be sent to mail.example without encryption",
        "notify-email-server: mail.example\\nnotify-email-tls: maybe"
            + "| notify-email-tls is starttls, tls or none",
        "notify-email-server: mail.example:0| notify-email-server has to be like",
        "notify-email-server: smtp://mail.example| notify-email-server has to be like",
        "notify-email-tls: tls| notify-email-to needs notify-email-server beside it",
        "notify-email-server: mail.example\\nnotify-email-login-file: ONE| the file is not two lines"
      })
  void settingsThatCannotWorkAreFoundByTheCheck(String settings, String why) throws Exception {
    Path two = Files.writeString(temp.resolve("two"), "me\n" + PASSWORD);
    Path one = Files.writeString(temp.resolve("one"), PASSWORD);
    String text =
        settings
            .replace("\\n", "\n")
            .replace("LOGIN", two.toString())
            .replace("ONE", one.toString());
    CommandLineRun check = with(text).run(sample.here("config", "check"));
    assertThat(check.exitCode()).as(check.text()).isEqualTo(2);
    assertThat(check.out()).contains(why).doesNotContain(PASSWORD);
  }

  @Test
  void anAddressThatIsNoneIsFoundByTheCheck() throws Exception {
    for (String to : List.of("me", "me@example.org\\nBcc: you@example.org", "a@b, ,c@d")) {
      Surroundings surroundings =
          new Surroundings()
              .with("OPENMEMORY_BACKUP_NOTIFY_EMAIL_TO", to.replace("\\n", "\n"))
              .with("OPENMEMORY_BACKUP_NOTIFY_EMAIL_FROM", "me@example.org")
              .with("OPENMEMORY_BACKUP_NOTIFY_EMAIL_SERVER", "mail.example");
      assertThat(surroundings.run(sample.here("config", "check")).out())
          .contains("notify-email-to: '")
          .contains("is no address such as");
    }
  }
}
