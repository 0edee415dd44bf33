/** The options of the target, and the client that reads them. */
@NullMarked
package dev.openmemory.backup.storage.sftp.internal.settings;

import org.jspecify.annotations.NullMarked;
