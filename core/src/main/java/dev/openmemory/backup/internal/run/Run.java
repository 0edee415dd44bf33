package dev.openmemory.backup.internal.run;

import dev.openmemory.backup.BackupEvent;
import dev.openmemory.backup.BackupEvent.Phase;
import dev.openmemory.backup.BackupListener;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Compression;
import dev.openmemory.backup.Warning;
import dev.openmemory.backup.internal.plugin.SourcePlugins;
import dev.openmemory.backup.internal.plugin.TrialPlugins;
import dev.openmemory.backup.internal.plugin.WriterPlugins;
import dev.openmemory.backup.internal.target.TargetStack;
import dev.openmemory.backup.signature.AllowedSigners;
import dev.openmemory.backup.signature.SigningKey;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.RunContext;
import dev.openmemory.backup.spi.encryption.Decryptor;
import dev.openmemory.backup.spi.encryption.Encryptor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call into the engine: its settings, its scratch directory, its warnings and events. */
public final class Run implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  private final Settings settings;
  private final BackupTarget target;
  private final ScratchDirectory scratch;
  private final SourcePlugins sources = SourcePlugins.load();
  private final WriterPlugins writers = WriterPlugins.load();
  private final TrialPlugins trials = TrialPlugins.load();
  private final List<Warning> warnings = new ArrayList<>();
  private final long startedNanos = System.nanoTime();
  private boolean writersHeld;

  private Run(Settings settings, BackupTarget target, ScratchDirectory scratch) {
    this.settings = settings;
    this.target = target;
    this.scratch = scratch;
  }

  /**
   * What every call of one {@link dev.openmemory.backup.Backups} shares.
   *
   * @param store the plug-in's target, without layers
   * @param lockTimeout how long a run waits for another one that works on the same backups
   */
  public record Settings(
      BackupTarget store,
      Clock clock,
      BackupListener listener,
      Cancellation cancellation,
      Compression compression,
      Path scratch,
      Duration lockTimeout,
      Keys keys) {
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(10);

    /** The defaults. */
    public static Settings of(BackupTarget store) {
      return new Settings(
          store,
          Clock.system(ZoneId.systemDefault()),
          BackupListener.NONE,
          new Cancellation(),
          Compression.standard(),
          Path.of(System.getProperty("java.io.tmpdir")),
          LOCK_TIMEOUT,
          Keys.NONE);
    }

    /** The target with its layers, for work that changes it. */
    public BackupTarget writable() {
      return TargetStack.over(store, false, cancellation);
    }

    /** The target with its layers, for work that must not change it. */
    public BackupTarget readOnly() {
      return TargetStack.over(store, true, cancellation);
    }

    /** See {@link dev.openmemory.backup.Backups#withClock}. */
    public Settings withClock(Clock changed) {
      return new Settings(
          store, changed, listener, cancellation, compression, scratch, lockTimeout, keys);
    }

    /** See {@link dev.openmemory.backup.Backups#withListener}. */
    public Settings withListener(BackupListener changed) {
      return new Settings(
          store, clock, changed, cancellation, compression, scratch, lockTimeout, keys);
    }

    /** See {@link dev.openmemory.backup.Backups#withCancellation}. */
    public Settings withCancellation(Cancellation changed) {
      return new Settings(store, clock, listener, changed, compression, scratch, lockTimeout, keys);
    }

    /** See {@link dev.openmemory.backup.Backups#withCompression}. */
    public Settings withCompression(Compression changed) {
      return new Settings(
          store, clock, listener, cancellation, changed, scratch, lockTimeout, keys);
    }

    /** See {@link dev.openmemory.backup.Backups#withScratch}. */
    public Settings withScratch(Path changed) {
      return new Settings(
          store, clock, listener, cancellation, compression, changed, lockTimeout, keys);
    }

    /** See {@link dev.openmemory.backup.Backups#withLockTimeout}. */
    public Settings withLockTimeout(Duration changed) {
      return new Settings(
          store, clock, listener, cancellation, compression, scratch, changed, keys);
    }

    /** See {@link dev.openmemory.backup.Backups#withEncryption}. */
    public Settings withEncryption(Encryptor encryptor) {
      return with(keys.with(encryptor));
    }

    /** See {@link dev.openmemory.backup.Backups#withDecryption}. */
    public Settings withDecryption(Decryptor decryptor) {
      return with(keys.with(decryptor));
    }

    /** See {@link dev.openmemory.backup.Backups#withSigningKey}. */
    public Settings withSigningKey(SigningKey key) {
      return with(keys.with(key));
    }

    /** See {@link dev.openmemory.backup.Backups#withRequiredSignature}. */
    public Settings withRequiredSignature(AllowedSigners signers) {
      return with(keys.with(signers));
    }

    /** The same without what decrypts. */
    public Settings withoutDecryption() {
      return with(keys.withoutDecryptor());
    }

    private Settings with(Keys changed) {
      return new Settings(
          store, clock, listener, cancellation, compression, scratch, lockTimeout, changed);
    }

    /** The same for another target. */
    public Settings withStore(BackupTarget changed) {
      return new Settings(
          changed, clock, listener, cancellation, compression, scratch, lockTimeout, keys);
    }
  }

  /** A run that may change the target. */
  public static Run writing(Settings settings) throws IOException {
    return new Run(settings, settings.writable(), ScratchDirectory.create(settings.scratch()));
  }

  /** A run that only reads the target. */
  public static Run reading(Settings settings) throws IOException {
    return new Run(settings, settings.readOnly(), ScratchDirectory.create(settings.scratch()));
  }

  public BackupTarget target() {
    return target;
  }

  public Clock clock() {
    return settings.clock();
  }

  public Duration lockTimeout() {
    return settings.lockTimeout();
  }

  public Compression compression() {
    return settings.compression();
  }

  public Keys keys() {
    return settings.keys();
  }

  public SourcePlugins sources() {
    return sources;
  }

  public WriterPlugins writers() {
    return writers;
  }

  public TrialPlugins trials() {
    return trials;
  }

  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  public synchronized List<Warning> warnings() {
    return List.copyOf(warnings);
  }

  /** The same is reported once, however often it is found. */
  public synchronized void warn(Warning warning) {
    boolean encrypted =
        keys().encryptor().isPresent() && warning.code().equals(Warning.LITERAL_KEY);
    if (!encrypted && !warnings.contains(warning)) {
      warnings.add(warning);
      tell(new BackupEvent.WarningRaised(warning));
    }
  }

  /** See {@link RunContext#writersHeld}. */
  public void writersAreHeld(boolean now) {
    writersHeld = now;
  }

  /** Enters a phase; a place where a run that is to end does so. */
  public void enter(Phase phase, String subject) throws IOException {
    settings.cancellation().check();
    tell(new BackupEvent.PhaseStarted(phase, subject));
  }

  /** See {@link Cancellation#interruptCaller}. */
  public Cancellation.Interruption interruptCaller() {
    return settings.cancellation().interruptCaller();
  }

  public void checkCancelled() throws IOException {
    settings.cancellation().check();
  }

  public synchronized void tell(BackupEvent event) {
    try {
      settings.listener().on(event);
    } catch (RuntimeException e) {
      LOG.warn("A backup listener failed on {}", event, e);
    }
  }

  /** What a source may use. */
  public RunContext context() {
    return context(this::warn);
  }

  /** The same for a mere look: what is worth a warning in a backup is of no concern then. */
  public RunContext quietContext() {
    return context(warning -> {});
  }

  private RunContext context(Consumer<Warning> warnings) {
    return new RunContext(clock(), scratch.path(), settings.cancellation(), writersHeld, warnings);
  }

  @Override
  public void close() {
    scratch.close();
  }
}
