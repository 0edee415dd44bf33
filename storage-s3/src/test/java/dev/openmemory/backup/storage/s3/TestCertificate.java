package dev.openmemory.backup.storage.s3;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate of 127.0.0.1 that only its own key signed; {@code keytool -genkeypair} has made it,
 * for a hundred years.
 *
 * @param pem the certificate
 * @param sockets of a server that shows it
 */
record TestCertificate(Path pem, ServerSocketFactory sockets) {
  private static final char[] PASSWORD = "of-a-test".toCharArray();

  static TestCertificate create(Path folder) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = TestCertificate.class.getResourceAsStream("store.p12")) {
      store.load(in, PASSWORD);
    }
    Path pem =
        Files.writeString(
            folder.resolve("store.pem"),
            "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(store.getCertificate("store").getEncoded())
                + "\n-----END CERTIFICATE-----\n");
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new TestCertificate(pem, context.getServerSocketFactory());
  }
}
