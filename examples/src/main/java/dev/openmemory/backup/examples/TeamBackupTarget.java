package dev.openmemory.backup.examples;

import dev.openmemory.backup.ObjectName;
import dev.openmemory.backup.spi.BackupTarget;
import dev.openmemory.backup.spi.Content;
import dev.openmemory.backup.spi.ForwardingBackupTarget;
import dev.openmemory.backup.spi.ObjectInfo;
import dev.openmemory.backup.spi.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** The part of a shared target that belongs to one team: each name gets the team in front. */
final class TeamBackupTarget extends ForwardingBackupTarget {
  private final String prefix;

  TeamBackupTarget(BackupTarget shared, String team) {
    super(shared);
    this.prefix = new ObjectName(team).value() + "/";
  }

  @Override
  public ObjectInfo write(ObjectName name, Content content, WriteOptions options)
      throws IOException {
    return ours(super.write(shared(name), content, options));
  }

  @Override
  public InputStream read(ObjectName name, long offset) throws IOException {
    return super.read(shared(name), offset);
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectName name) throws IOException {
    return super.stat(shared(name)).map(this::ours);
  }

  @Override
  public List<ObjectInfo> list(String start) throws IOException {
    return super.list(prefix + start).stream().map(this::ours).toList();
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    super.delete(shared(name));
  }

  @Override
  public String location() {
    return super.location() + "/" + prefix.substring(0, prefix.length() - 1);
  }

  private ObjectName shared(ObjectName name) {
    return new ObjectName(prefix + name);
  }

  private ObjectInfo ours(ObjectInfo info) {
    return new ObjectInfo(
        new ObjectName(info.name().value().substring(prefix.length())),
        info.size(),
        info.modified());
  }
}
