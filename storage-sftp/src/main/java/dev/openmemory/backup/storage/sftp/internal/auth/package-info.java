/** Logs in: keys, agents, passwords. */
@NullMarked
package dev.openmemory.backup.storage.sftp.internal.auth;

import org.jspecify.annotations.NullMarked;
