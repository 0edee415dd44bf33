/** Backups on any host that runs sshd. */
@NullMarked
package dev.openmemory.backup.storage.sftp;

import org.jspecify.annotations.NullMarked;
