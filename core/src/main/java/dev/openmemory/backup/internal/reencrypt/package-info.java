/** Encrypts a stored backup anew, as another backup. */
@NullMarked
package dev.openmemory.backup.internal.reencrypt;

import org.jspecify.annotations.NullMarked;
