package dev.openmemory.backup.storage.sftp.internal.transfer;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.internal.parallel.Uninterrupted;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import dev.openmemory.backup.storage.sftp.internal.session.ActivePartials;
import dev.openmemory.backup.storage.sftp.internal.session.FileFacts;
import dev.openmemory.backup.storage.sftp.internal.session.Niceties.Nicety;
import dev.openmemory.backup.storage.sftp.internal.session.PartialName;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteFiles;
import dev.openmemory.backup.storage.sftp.internal.session.RemoteTree;
import dev.openmemory.backup.storage.sftp.internal.session.SftpOperation;
import java.io.IOException;
import java.util.Objects;
import java.util.OptionalLong;
import net.schmizz.sshj.sftp.SFTPException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One write, from the first look to the name. Closing it removes what was not published, except for
 * the beginning of a content with a digest that was cut off: a later write continues it.
 */
public final class ObjectWrite implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectWrite.class);

  /** Sent sooner than asked about. */
  private static final int SMALL = 256 * 1024;

  private final SftpOperation operation;
  private final RemoteTree tree;
  private final ObjectName object;
  private final WriteOptions how;
  private final int parallelism;
  private final Reconnects reconnects;
  private final PartialName name;

  /** The hidden file, as long as there is one. */
  private @Nullable String path;

  private @Nullable Upload upload;
  private boolean resumable;

  public ObjectWrite(
      SftpOperation operation,
      RemoteTree tree,
      ObjectName object,
      WriteOptions how,
      int parallelism,
      PartialName name) {
    this.operation = operation;
    this.tree = tree;
    this.object = object;
    this.how = how;
    this.parallelism = parallelism;
    this.reconnects = new Reconnects(operation);
    this.name = name;
    ActivePartials.begin(name);
  }

  public ObjectInfo run(Content content) throws IOException {
    operation.ask(files -> refuseEarly(files, content.sizeHint()));
    try {
      PartialFile file = operation.begin(files -> open(files, content));
      FileFacts facts = send(content, file);
      Uninterrupted.run(() -> publish(facts));
      return new ObjectInfo(object, facts.size(), facts.modified());
    } catch (IOException | RuntimeException e) {
      resumable &= isCutOff(e);
      throw e;
    }
  }

  /** Early, for nothing much should be read and sent in vain; publishing decides. */
  private boolean refuseEarly(RemoteFiles files, OptionalLong size) throws IOException {
    if (how.replace() && !files.features().posixRename()) {
      throw operation.failure(
          Kind.UNSUPPORTED, "the server cannot replace a file in one step (posix-rename)");
    }
    // Without proof that the server links, its answer to a link would not tell.
    boolean told =
        size.orElse(Long.MAX_VALUE) <= SMALL
            && files.connection().niceties().isProven(Nicety.LINKS);
    if (!how.replace() && !told && files.statWithoutLinks(tree.pathsTo(object)).isPresent()) {
      throw operation.failure(Kind.ALREADY_EXISTS, "exists already");
    }
    return true;
  }

  private PartialFile open(RemoteFiles files, Content content) throws IOException {
    path = PartialFile.path(tree, object, name.toString());
    resumable = name.content().isPresent();
    return PartialFile.open(operation, files, tree, object, name, content.digest());
  }

  private FileFacts send(Content content, PartialFile file) throws IOException {
    Upload sending = new Upload(operation, reconnects, file, parallelism);
    upload = sending;
    UploadStream stream = new UploadStream(sending, file.digest());
    if (file.offset() == 0) {
      content.writeTo(stream);
    } else {
      content.writeTo(stream, file.offset());
    }
    stream.end();
    FileFacts facts = sending.finish(how.modified());
    if (!file.isAsExpected(facts.size())) {
      resumable = false;
      throw operation.failure(
          Kind.UNAVAILABLE, "the partial file of an earlier run does not match these bytes");
    }
    operation.checkInterrupt();
    return facts;
  }

  /**
   * Not to be interrupted: its outcome would not be known. The name without the content comes
   * first, or a later write might continue what is an object by then.
   */
  private void publish(FileFacts facts) throws BackupException {
    String plain = PartialFile.path(tree, object, name.withoutContent().toString());
    if (name.content().isPresent()) {
      resumable = false;
      Publication.persist(operation, reconnects, (files, again) -> settle(files, again, plain));
    }
    new Publication(operation, reconnects, plain, facts).run(how.replace());
    path = null;
  }

  private void settle(RemoteFiles files, boolean again, String plain) throws IOException {
    try {
      files.rename(Objects.requireNonNull(path), plain);
    } catch (SFTPException e) {
      if (!again || files.look(plain).isEmpty()) {
        throw e;
      }
    }
    path = plain;
  }

  /** Rather than refused: the same write may do better later. */
  private static boolean isCutOff(Exception e) {
    return !(e instanceof BackupException ours)
        || ours.kind().isTransient()
        || ours.kind() == Kind.CANCELLED;
  }

  /** Works under an interrupt, too. */
  @Override
  public void close() {
    try {
      Uninterrupted.run(this::tidy);
    } finally {
      ActivePartials.end(name);
    }
  }

  private void tidy() {
    if (upload != null) {
      upload.close();
    }
    String unpublished = path;
    if (unpublished != null && !resumable) {
      remove(unpublished);
    }
  }

  private void remove(String unpublished) {
    if (!operation.connections().isConnected()) {
      return;
    }
    try {
      operation.ask(
          files -> {
            files.tidy(unpublished);
            tree.removeEmpty(files, object.value());
            return true;
          });
    } catch (BackupException e) {
      // A sweep finds it.
      LOG.debug("{} stays", unpublished, e);
    }
  }
}
