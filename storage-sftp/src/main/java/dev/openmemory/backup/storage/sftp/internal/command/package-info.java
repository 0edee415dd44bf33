/** Programs of this host that ssh_config asks for. */
@NullMarked
package dev.openmemory.backup.storage.sftp.internal.command;

import org.jspecify.annotations.NullMarked;
