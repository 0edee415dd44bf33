/** Connects to a host and logs in. */
@NullMarked
package dev.openmemory.backup.storage.sftp.internal.connect;

import org.jspecify.annotations.NullMarked;
