package dev.openmemory.backup.storage.sftp.internal.connect;

import com.hierynomus.sshj.key.KeyAlgorithm;
import com.hierynomus.sshj.key.KeyAlgorithms;
import com.hierynomus.sshj.transport.cipher.BlockCiphers;
import com.hierynomus.sshj.transport.cipher.GcmCiphers;
import com.hierynomus.sshj.transport.kex.DHGroups;
import com.hierynomus.sshj.transport.kex.ExtInfoClientFactory;
import com.hierynomus.sshj.transport.mac.Macs;
import dev.openmemory.backup.storage.sftp.internal.hostkey.KeyAlgorithmNames;
import java.util.List;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.ConfigImpl;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.LoggerFactory;
import net.schmizz.sshj.common.SecurityUtils;
import net.schmizz.sshj.signature.SignatureRSA;
import net.schmizz.sshj.transport.compression.NoneCompression;
import net.schmizz.sshj.transport.kex.Curve25519SHA256;
import net.schmizz.sshj.transport.kex.DHGexSHA256;
import net.schmizz.sshj.transport.kex.ECDHNistP;
import net.schmizz.sshj.transport.random.JCERandom;
import net.schmizz.sshj.transport.random.SingletonRandomFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * What connections may use: what the JDK does fast and what is sound today, the best first. The
 * lists of sshj begin with slow ciphers and end with broken ones.
 */
final class SshAlgorithms {
  static {
    // It would do all ciphers, and AES five times slower than the JDK.
    SecurityUtils.setRegisterBouncyCastle(false);
    EcdsaProvider.register();
  }

  private SshAlgorithms() {}

  static Config config() {
    Config config = new ConfigImpl();
    config.setVersion("openmemory_backup");
    config.setLoggerFactory(new QuietLoggers());
    config.setRandomFactory(new SingletonRandomFactory(new JCERandom.Factory()));
    // HostKeyCheck does, which knows the authorities and the names of the host.
    config.setVerifyHostKeyCertificates(false);
    config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
    config.setKeyExchangeFactories(
        List.of(
            new Curve25519SHA256.Factory(),
            new Curve25519SHA256.FactoryLibSsh(),
            new ECDHNistP.Factory256(),
            new ECDHNistP.Factory384(),
            new ECDHNistP.Factory521(),
            new DHGexSHA256.Factory(),
            DHGroups.Group16SHA512(),
            DHGroups.Group18SHA512(),
            DHGroups.Group14SHA256(),
            new ExtInfoClientFactory()));
    config.setCipherFactories(
        List.of(
            GcmCiphers.AES128GCM(),
            GcmCiphers.AES256GCM(),
            BlockCiphers.AES128CTR(),
            BlockCiphers.AES192CTR(),
            BlockCiphers.AES256CTR()));
    config.setMACFactories(
        List.of(
            Macs.HMACSHA2256Etm(), Macs.HMACSHA2512Etm(), Macs.HMACSHA2256(), Macs.HMACSHA2512()));
    config.setCompressionFactories(List.of(new NoneCompression.Factory()));
    config.setFileKeyProviderFactories(List.of());
    config.setKeyAlgorithms(keyAlgorithms());
    return config;
  }

  private static List<Factory.Named<KeyAlgorithm>> keyAlgorithms() {
    return List.of(
        KeyAlgorithms.EdDSA25519CertV01(),
        KeyAlgorithms.ECDSASHANistp256CertV01(),
        KeyAlgorithms.ECDSASHANistp384CertV01(),
        KeyAlgorithms.ECDSASHANistp521CertV01(),
        new KeyAlgorithms.Factory(
            KeyAlgorithmNames.RSA_SHA512_CERTIFICATE,
            new SignatureRSA.FactoryRSASHA512(),
            KeyType.RSA_CERT),
        new KeyAlgorithms.Factory(
            KeyAlgorithmNames.RSA_SHA256_CERTIFICATE,
            new SignatureRSA.FactoryRSASHA256(),
            KeyType.RSA_CERT),
        KeyAlgorithms.EdDSA25519(),
        KeyAlgorithms.ECDSASHANistp256(),
        KeyAlgorithms.ECDSASHANistp384(),
        KeyAlgorithms.ECDSASHANistp521(),
        KeyAlgorithms.RSASHA512(),
        KeyAlgorithms.RSASHA256());
  }

  /**
   * sshj reports every lost connection as an error with its stack. Our caller gets it as an
   * exception; what sshj logs is of interest for debugging only.
   */
  private static final class QuietLoggers implements LoggerFactory {
    @Override
    public Logger getLogger(String name) {
      Logger logger = org.slf4j.LoggerFactory.getLogger(name);
      return logger.isDebugEnabled() ? logger : NOPLogger.NOP_LOGGER;
    }

    @Override
    public Logger getLogger(Class<?> type) {
      return getLogger(type.getName());
    }
  }
}
