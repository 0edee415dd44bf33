package dev.openmemory.backup.storage.s3;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/** How a request goes wrong on its way to a store, at it, or on the way back. */
@FunctionalInterface
interface Fault {
  List<String> XML = List.of("Content-Type: application/xml");

  /** Does to the exchange what is to happen instead of a plain forwarding. */
  void happen(FaultyStore.Exchange exchange) throws IOException, InterruptedException;

  /** The request is answered as the store does. */
  static Fault none() {
    return exchange -> exchange.reply(exchange.forward());
  }

  /** An error in the store's form, which itself never sees the request. */
  static Fault error(int status, String code) {
    return answer(status, XML, body(code));
  }

  /** The same, said before the body of the request was taken, and the end of the connection. */
  static Fault earlyError(int status, String code) {
    return exchange -> {
      exchange.reply(status, XML, body(code).getBytes(StandardCharsets.UTF_8));
      exchange.takeBody();
      exchange.close();
    };
  }

  /** The body of an error in the store's form. */
  static String body(String code) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>"
        + code
        + "</Code><Message>as the test wants it</Message></Error>";
  }

  /** That answer, of which the store knows nothing. */
  static Fault answer(int status, List<String> headers, String body) {
    return exchange -> {
      exchange.takeBody();
      exchange.reply(status, headers, body.getBytes(StandardCharsets.UTF_8));
    };
  }

  /** The connection breaks when that many bytes of the request's body are through. */
  static Fault cutAfter(int bytes) {
    return exchange -> {
      exchange.take(bytes);
      exchange.reset();
    };
  }

  /** Nothing is taken any more when that many bytes of the request's body are through. */
  static Fault stallAfter(int bytes) {
    return exchange -> {
      exchange.take(bytes);
      exchange.awaitTimeout();
    };
  }

  /** The store does what it is asked for, and its answer gets lost. */
  static Fault loseAnswer() {
    return exchange -> {
      exchange.forward();
      exchange.reset();
    };
  }

  /** The store does what it is asked for, and keeps silent. */
  static Fault silence() {
    return exchange -> {
      exchange.forward();
      exchange.awaitTimeout();
    };
  }

  /** The connection ends within the answer, that many bytes after its headers. */
  static Fault truncateAnswer(int bytes) {
    return exchange -> {
      exchange.replyPart(exchange.forward(), bytes);
      exchange.close();
    };
  }

  /** The answer comes to a halt that many bytes after its headers. */
  static Fault stallAnswer(int bytes) {
    return exchange -> {
      exchange.replyPart(exchange.forward(), bytes);
      exchange.awaitTimeout();
    };
  }

  /** A store that does not know the header takes the request as if it had none. */
  static Fault ignore(String header) {
    return exchange -> exchange.reply(exchange.forwardWithout(header));
  }

  /** The answer of the store with another head, one line for each header. */
  static Fault rewriteHead(UnaryOperator<String> change) {
    return exchange -> {
      String answer = new String(exchange.forward(), StandardCharsets.ISO_8859_1);
      int body = answer.indexOf("\r\n\r\n") + 4;
      String changed = change.apply(answer.substring(0, body)) + answer.substring(body);
      exchange.reply(changed.getBytes(StandardCharsets.ISO_8859_1));
    };
  }

  /** The answer of the store without that header. */
  static Fault withoutHeader(String header) {
    return rewriteHead(head -> head.replaceAll("(?im)^" + header + ":.*\r\n", ""));
  }

  /** That happens first, and then the request takes its way. */
  static Fault after(Runnable event) {
    return exchange -> {
      event.run();
      none().happen(exchange);
    };
  }
}
