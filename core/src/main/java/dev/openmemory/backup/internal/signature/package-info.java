/** Signatures in OpenSSH's format, by Ed25519. */
@NullMarked
package dev.openmemory.backup.internal.signature;

import org.jspecify.annotations.NullMarked;
