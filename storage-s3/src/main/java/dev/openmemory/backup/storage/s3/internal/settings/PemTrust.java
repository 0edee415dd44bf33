package dev.openmemory.backup.storage.s3.internal.settings;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.TlsTrustManagersProvider;

/** Trusts the certificates of a PEM file, and no others. */
public final class PemTrust {
  private PemTrust() {}

  public static TlsTrustManagersProvider of(Path file) throws BackupException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw invalid(file, "holds no certificate", null);
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate : certificates) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      TrustManager[] managers = factory.getTrustManagers();
      return () -> managers;
    } catch (BackupException e) {
      throw e;
    } catch (IOException e) {
      throw invalid(file, "cannot be read", e);
    } catch (GeneralSecurityException e) {
      throw invalid(file, "is not a PEM file of certificates", e);
    }
  }

  private static BackupException invalid(Path file, String fact, @Nullable Exception cause) {
    return Kind.INVALID.failure("options of s3", "", "ca-file " + file + " " + fact, cause);
  }
}
