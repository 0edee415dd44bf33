/** Reads the OpenSSH client configuration. */
@NullMarked
package dev.openmemory.backup.storage.sftp.internal.sshconfig;

import org.jspecify.annotations.NullMarked;
