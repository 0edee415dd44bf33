package dev.openmemory.backup.storage.sftp.internal.connect;

import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyFactorySpi;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;

/**
 * Makes the JDK's factory of EC keys known by the name that sshj asks for, which else only
 * BouncyCastle has. Its one entry takes no algorithm from another provider.
 */
final class EcdsaProvider extends Provider {
  private static final long serialVersionUID = 1L;
  private static final String TYPE = "KeyFactory";
  private static final String NAME = "ECDSA";

  private EcdsaProvider() {
    super("openmemory-backup", "1", "KeyFactory.ECDSA of the JDK");
    putService(
        new Service(this, TYPE, NAME, Factory.class.getName(), null, null) {
          @Override
          public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            return new Factory();
          }
        });
  }

  /** Adds it behind all others, unless the name is taken already. */
  static synchronized void register() {
    if (Security.getProviders(TYPE + "." + NAME) == null) {
      Security.addProvider(new EcdsaProvider());
    }
  }

  /** Hands everything on. */
  private static final class Factory extends KeyFactorySpi {
    private final KeyFactory factory;

    Factory() throws NoSuchAlgorithmException {
      this.factory = KeyFactory.getInstance("EC");
    }

    @Override
    protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
      return factory.generatePublic(spec);
    }

    @Override
    protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
      return factory.generatePrivate(spec);
    }

    @Override
    protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> type)
        throws InvalidKeySpecException {
      return factory.getKeySpec(key, type);
    }

    @Override
    protected Key engineTranslateKey(Key key) throws InvalidKeyException {
      return factory.translateKey(key);
    }
  }
}
