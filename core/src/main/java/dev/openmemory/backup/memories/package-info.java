/** Requests and reports about single memories in backups. */
@NullMarked
package dev.openmemory.backup.memories;

import org.jspecify.annotations.NullMarked;
