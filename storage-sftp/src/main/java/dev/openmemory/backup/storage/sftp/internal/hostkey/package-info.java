/** Checks that the server is the known one. */
@NullMarked
package dev.openmemory.backup.storage.sftp.internal.hostkey;

import org.jspecify.annotations.NullMarked;
