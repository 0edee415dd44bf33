/** SFTP requests and answers over a connection. */
@NullMarked
package dev.openmemory.backup.storage.sftp.internal.session;

import org.jspecify.annotations.NullMarked;
