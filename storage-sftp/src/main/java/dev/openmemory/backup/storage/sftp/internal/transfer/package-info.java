/** Sends and receives files, also over connections that break. */
@NullMarked
package dev.openmemory.backup.storage.sftp.internal.transfer;

import org.jspecify.annotations.NullMarked;
